import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltBundle } from '../../build/build-bundles.ts';
import { buildFunctions, readManifest } from '../../build/build-functions.ts';
import { type Architecture, architectureHere } from '../../build/native-files.ts';
import { variables } from '../../lib/wire/environment.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import { bundleNameOf, bundleOf, type FunctionName, functionNames } from '../../lib/wire/functions.ts';
import { temporaryFolder } from '../support/index.ts';

const folder = temporaryFolder();
const here: Architecture = architectureHere() ?? 'x86_64';
const other: Architecture = here === 'arm64' ? 'x86_64' : 'arm64';

const build = (
  architecture: Architecture,
  into: string,
  functions: readonly FunctionName[] = functionNames,
): Promise<readonly BuiltBundle[]> =>
  buildFunctions({ architecture, functions, outFolder: path.join(folder.path, into) });

/** Only these differ from one processor to another. */
const native = functionNames.filter((name) => bundleOf(bundleNameOf(name)).natives.length > 0);

let built: readonly BuiltBundle[] = [];

beforeAll(async () => {
  built = await build(here, 'first');
}, 120_000);

afterAll(() => folder.remove());

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2).padStart(7);

const tableOf = (architecture: Architecture, bundles: readonly BuiltBundle[]): string =>
  [
    `${architecture.padEnd(22)} zipped MB  bound  unzipped MB  JavaScript, kB`,
    ...bundles.map(({ bundle, facts, packages }) => {
      const largest = packages.slice(0, 4).map(([name, bytes]) => `${name} ${Math.round(bytes / 1e3)}`);
      const bound = String(bundleOf(bundle).maxZipMb).padStart(6);
      return `${bundle.padEnd(22)} ${megabytes(facts.zipBytes)}   ${bound}  ${megabytes(facts.bytes)}      ${largest.join(', ')}`;
    }),
  ].join('\n');

const tooLarge = (bundles: readonly BuiltBundle[]): readonly string[] =>
  bundles
    .filter(({ bundle, facts }) => facts.zipBytes > bundleOf(bundle).maxZipMb * 1e6)
    .map(
      ({ bundle, facts, packages }) => `${bundle}: ${facts.zipBytes} bytes zipped, of ${packages.join(' ')}`,
    );

/** What an ELF file says its processor is, at byte 18. */
const machineOf = (file: string): number => {
  const header = Buffer.alloc(20);
  const opened = openSync(file, 'r');
  readSync(opened, header, 0, 20, 0);
  closeSync(opened);
  return header.readUInt16LE(18);
};
const machines = { x86_64: 0x3e, arm64: 0xb7 } as const;

const processorsOf = (into: string, bundles: readonly BuiltBundle[]): ReadonlySet<number> =>
  new Set(
    bundles.flatMap(({ bundle, facts }) =>
      Object.keys(facts.files)
        .filter((file) => /\.(node|so(\.\d+)?)$/.test(file))
        .map((file) => machineOf(path.join(folder.path, into, bundle, file))),
    ),
  );

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
    expect(processorsOf('first', built)).toEqual(new Set([machines[here]]));
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

  it('are the same byte for byte when built again', async () => {
    const first = readManifest(path.join(folder.path, 'first'));
    const again = await build(here, 'first');

    const hashes = (bundles: readonly BuiltBundle[]) =>
      Object.fromEntries(bundles.map(({ bundle, facts }) => [bundle, facts.sha256]));
    expect(hashes(again)).toEqual(hashes(built));
    expect(readManifest(path.join(folder.path, 'first'))).toEqual(first);
  }, 120_000);

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

  it(`can be built for ${other} on this machine`, async ({ skip }) => {
    const crossed = await build(other, 'other', native).catch((error: unknown) => {
      if (isMillraceError(error, 'BUILD_PLATFORM_MISSING'))
        skip(`no package for ${other} here: ${error.message}`);
      throw error;
    });
    console.log(tableOf(other, crossed));

    expect(tooLarge(crossed)).toEqual([]);
    expect(processorsOf('other', crossed)).toEqual(new Set([machines[other]]));
  }, 150_000);
});
