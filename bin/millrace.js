#!/usr/bin/env node
// Plain JavaScript without imports, so that an older Node gets as far as this message.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `millrace: this is Node ${process.versions.node}, expected 24 or newer. On Linux and Windows \`npm ci\` brings Node 24 along, and \`npx millrace …\` or \`npm run millrace -- …\` in this folder use it; elsewhere install Node 24.\n`,
  );
  process.exit(7);
}
await import('./millrace.ts');
