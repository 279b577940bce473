import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { machine } from '../../lib/cli/machine.ts';
import { buildProgram } from '../../lib/cli/program.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const github = globSync('.github/workflows/*.yml', { cwd: root });
const all = [...github, '.gitlab-ci.yml'];
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;
const matches = (file: string, pattern: RegExp) =>
  [...read(file).matchAll(pattern)].map((one) => one[1] ?? '');

describe.each(all)('the pipeline %s', (file) => {
  it('is plain YAML: spaces, no tabs', () => {
    expect(read(file)).not.toContain('\t');
  });

  it('calls only npm scripts and stages that exist', () => {
    const called = matches(file, /npm run ([\w:-]+)/g);

    expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
    for (const stage of matches(file, /(?:stage=|--stage |STAGE: )([a-z]+)\b/g))
      expect(existsSync(path.join(root, `settings/${stage}.json`)), stage).toBe(true);
  });

  it('holds no key and asks for none', () => {
    expect(read(file)).not.toMatch(/AWS_ACCESS_KEY|AWS_SECRET|secrets\.|AKIA/);
  });

  it('prints no token and no environment', () => {
    expect(read(file)).not.toMatch(/set -x|printenv|\benv *$|echo [^\n]*\$\{?(?:AWS|MILLRACE|GH|CI_JOB)_/m);
  });

  it('lets no step that fails pass: a smoke test that fails keeps prod closed', () => {
    expect(read(file)).not.toMatch(
      /continue-on-error|allow_failure: true|\|\| true|if: .*(?:always|failure)\(\)/,
    );
  });

  it('keeps the CDK from reporting home', () => {
    if (/npx cdk/.test(read(file))) expect(read(file)).toContain("CDK_DISABLE_CLI_TELEMETRY: 'true'");
  });
});

describe.each(github)('the workflow %s', (file) => {
  const text = read(file);

  it('pins each action to a major version at least', () => {
    const used = matches(file, /uses: (\S+)/g).filter((one) => !one.startsWith('./'));

    expect(used.filter((one) => !/@(v\d+|[0-9a-f]{40})$/.test(one))).toEqual([]);
  });

  it('gives its token no more than reading, and each job what it needs beyond that', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n(?! )/m);
    expect(text).not.toMatch(/write-all|contents: write/);
  });

  it('takes AWS credentials by a role alone', () => {
    const isUsingAws = text.includes('configure-aws-credentials');

    expect(/role-to-assume: \$\{\{ vars\./.test(text)).toBe(isUsingAws);
    if (isUsingAws) expect(text).toContain('id-token: write');
  });

  it('runs no code of a stranger with a write token, and no text of theirs in a shell', () => {
    expect(text).not.toContain('pull_request_target');
    const inShell = matches(file, /run: (.*(?:\n {10}.*)*)/g).filter((script) => script.includes('${{'));
    expect(inShell).toEqual([]);
  });
});

describe('the way to prod', () => {
  it('leads through the checks, dev, its smoke test, and an environment that people protect', () => {
    const deploy = read('.github/workflows/deploy.yml');
    const stage = read('.github/workflows/deploy-stage.yml');

    expect(deploy).toMatch(/ prod:\n {4}needs: dev\n/);
    expect(stage).toMatch(/environment: \$\{\{ inputs\.stage \}\}/);
    const order = ['npm run check', 'npm test', 'npm run build', 'npx cdk deploy', 'npm run smoke'];
    const places = order.map((step) => stage.indexOf(step));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });

  it('is never taken by two deployments of one stage at once, and none is broken off', () => {
    expect(read('.github/workflows/deploy-stage.yml')).toMatch(
      /group: deploy-\$\{\{ inputs\.stage \}\}\n {2}cancel-in-progress: false/,
    );
    expect(matches('.gitlab-ci.yml', /resource_group: (\S+)/g)).toEqual(['deploy-dev', 'deploy-prod']);
  });

  it('starts prod by hand in GitLab', () => {
    expect(read('.gitlab-ci.yml')).toMatch(/^prod:\n[\s\S]*when: manual/m);
  });

  it('calls commands of the command line that are there', () => {
    const commands = buildProgram(machine()).commands.map((command) => command.name());

    for (const name of ['smoke', 'destroy']) {
      expect(commands).toContain(name);
      expect(scripts[name]).toContain(`millrace.js ${name}`);
    }
  });
});
