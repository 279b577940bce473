import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltBundle } from '../../build/build-bundles.ts';
import { buildFunctions } from '../../build/build-functions.ts';
import { type Architecture, architectureHere } from '../../build/native-files.ts';
import { variables } from '../../lib/wire/environment.ts';
import { bundleNameOf, bundleOf, functionNames } from '../../lib/wire/functions.ts';
import { temporaryFolder } from '../support/index.ts';
import { machines, processorsOf, tableOf, tooLarge } from './bundle-facts.ts';

const folder = temporaryFolder();
const here: Architecture = architectureHere() ?? 'x86_64';

let built: readonly BuiltBundle[] = [];

beforeAll(async () => {
  built = await buildFunctions({ architecture: here, outFolder: path.join(folder.path, 'first') });
}, 120_000);

afterAll(() => folder.remove());

describe('the bundles of the functions', () => {
  it('hold every function, in the folder the stack looks in', () => {
    expect(built.flatMap(({ bundle, functions }) => functions.map((name) => [name, bundle])).sort()).toEqual(
      functionNames.map((name) => [name, bundleNameOf(name)]).sort(),
    );
  });

  it('stay within their bounds', () => {
    console.log(tableOf(here, built));

    expect(tooLarge(built)).toEqual([]);
  });

  it('fit what Lambda unpacks: 250 MB', () => {
    expect(built.filter(({ facts }) => facts.bytes > 250e6).map(({ bundle }) => bundle)).toEqual([]);
  });

  it('carry no CDK, no tool and no file but code, maps and natives', () => {
    const tools = /^(aws-cdk-lib|aws-cdk|constructs|cdk-nag|esbuild|vitest|typescript|commander|cli-table3)$/;
    expect(
      built.flatMap(({ bundle, packages }) =>
        packages.filter(([name]) => tools.test(name)).map(([name]) => `${bundle}: ${name}`),
      ),
    ).toEqual([]);

    const strange = built.flatMap(({ bundle, facts }) =>
      Object.keys(facts.files)
        .filter((file) => !/^([\w-]+\.js(\.map)?|package\.json|\w+\/[\w.]+\.(node|so(\.\d+)?))$/.test(file))
        .map((file) => `${bundle}/${file}`),
    );
    expect(strange).toEqual([]);
  });

  it('carry the native libraries they are meant to, of one processor', () => {
    for (const { bundle, facts } of built)
      expect(
        new Set(Object.keys(facts.files).flatMap((file) => (file.includes('/') ? [file.split('/')[0]] : []))),
        bundle,
      ).toEqual(new Set(bundleOf(bundle).natives));
    expect(processorsOf(path.join(folder.path, 'first'), built)).toEqual(new Set([machines[here]]));
  });

  it.skipIf(process.platform !== 'linux')(
    'load with neither environment nor node_modules, and say what they handle',
    () => {
      const away = path.join(folder.path, 'away');
      mkdirSync(away, { recursive: true });
      const files = built.flatMap(({ bundle, functions }) =>
        functions.map((name) => path.join(folder.path, 'first', bundle, `${name}.js`)),
      );
      const script = `for (const file of ${JSON.stringify(files)}) console.log(typeof require(file).handler)`;

      const said = execFileSync(process.execPath, ['-e', script], { cwd: away, env: {}, encoding: 'utf8' });

      expect(said.trim().split('\n')).toEqual(functionNames.map(() => 'function'));
    },
  );

  it.skipIf(process.platform !== 'linux')('answer: the endpoint says it lives, and asks who calls', () => {
    const event = (method: string, rawPath: string) => ({
      version: '2.0',
      rawPath,
      requestContext: { domainName: 'api.example', http: { method } },
    });
    const events = [event('GET', '/ping'), event('POST', '/models/penguins/predict')];
    const script = `const { handler } = require(${JSON.stringify(path.join(folder.path, 'first/serving/serve-predictions.js'))});
      (async () => { for (const event of ${JSON.stringify(events)}) console.log((await handler(event)).statusCode); })();`;
    const told = Object.values(variables).map((name) => [name, 'a-name']);
    const env = {
      ...Object.fromEntries(told),
      [variables.frontDoorAuth]: 'api-key',
      AWS_REGION: 'eu-central-1',
    };

    const said = execFileSync(process.execPath, ['-e', script], { cwd: folder.path, env, encoding: 'utf8' });

    expect(said.trim().split('\n')).toEqual(['200', '401']);
  });

  it('hold nothing that names this machine', () => {
    const root = path.resolve(import.meta.dirname, '../..');
    const telling = built.flatMap(({ bundle, facts }) =>
      Object.keys(facts.files)
        .filter((file) => /\.(js|map)$/.test(file))
        .filter((file) => readFileSync(path.join(folder.path, 'first', bundle, file), 'utf8').includes(root))
        .map((file) => `${bundle}/${file}`),
    );

    expect(telling).toEqual([]);
  });
});
