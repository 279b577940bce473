#!/usr/bin/env node
// Nothing may be imported before the version is known: older Nodes have no node:sqlite and would fail in its name.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `millrace: this is Node ${process.versions.node}, expected 24 or newer; in its folder, \`npx millrace …\` and \`npm run millrace -- …\` use the one that \`npm ci\` brought along\n`,
  );
  process.exit(7);
}

// A reader that has seen enough (`| head`) closes the pipe: no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { enableCompileCache } = await import('node:module');
enableCompileCache();
const { runCli } = await import('../lib/cli/run-cli.ts');
const { machine } = await import('../lib/cli/machine.ts');
// Not process.exit: what was written to a pipe must get there.
process.exitCode = await runCli(process.argv.slice(2), machine());

export {};
