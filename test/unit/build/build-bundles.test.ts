import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildBundles } from '../../../build/build-bundles.ts';
import { cacheFolder, root } from '../../../build/build-functions.ts';
import type { KnownSizes } from '../../../build/known-sizes.ts';
import { architectureHere } from '../../../build/native-files.ts';
import { temporaryFolder } from '../../support/index.ts';

/** Nobody asks here what 120 MB weigh when deflated, which takes seconds to say. */
const unweighed: KnownSizes = Object.assign(new Map(), { get: () => Promise.resolve(0) });

const workshop = () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder.path, name), text);
    return path.join(folder.path, name);
  };
  const bundle = (name: string, entries: Record<string, string>, outFolder = folder.path) =>
    buildBundles({
      root,
      cacheFolder,
      entries: { [name]: entries },
      architecture: architectureHere() ?? 'x86_64',
      outFolder,
      knownSizes: unweighed,
    });
  /** Calls a handler in a process of its own that knows nothing of this repository. */
  const call = (file: string, event: unknown): unknown => {
    const script = `require(${JSON.stringify(path.join(folder.path, file))}).handler(${JSON.stringify(event)})
      .then((answer) => console.log(JSON.stringify(answer)))`;
    return JSON.parse(
      execFileSync(process.execPath, ['--enable-source-maps', '-e', script], {
        cwd: folder.path,
        env: {},
        encoding: 'utf8',
      }),
    );
  };
  return { folder: folder.path, write, bundle, call };
};

const failing = `import { MillraceError } from '${root}/lib/wire/errors.ts';
export const handler = async () => {
  try {
    throw new MillraceError('DATA_EMPTY', 'no rows');
  } catch (error) {
    return { name: error.name, stack: error.stack };
  }
};`;

const filesWithTimes = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, statSync(path.join(folder, name)).mode, statSync(path.join(folder, name)).mtimeMs]);

describe('the bundle of a function', () => {
  it('is the same byte for byte, with the same modes and times, wherever and whenever it is built', async () => {
    const { write, bundle, folder } = workshop();
    const elsewhere = workshop();
    const entries = { 'finish-run': write('entry.ts', failing) };

    const [first] = await bundle('finish-run', entries);
    const [second] = await bundle('finish-run', entries, elsewhere.folder);

    expect(Object.keys(first?.facts.files ?? {})).toHaveLength(3);
    expect(second?.facts).toEqual(first?.facts);
    expect(filesWithTimes(path.join(elsewhere.folder, 'finish-run'))).toEqual(
      filesWithTimes(path.join(folder, 'finish-run')),
    );
  });

  it('keeps the names of errors through minifying, and their lines through maps that lie outside', async () => {
    const { write, bundle, call, folder } = workshop();

    await bundle('finish-run', { 'finish-run': write('entry.ts', failing) });

    expect(call('finish-run/finish-run.js', {})).toEqual({
      name: 'DATA_EMPTY',
      stack: expect.stringContaining('entry.ts:4:'),
    });
    const code = readFileSync(path.join(folder, 'finish-run/finish-run.js'), 'utf8');
    expect(code).toContain('//# sourceMappingURL=finish-run.js.map');
  });

  it('leaves out what a function does not use of a module of ours', async () => {
    const { write, bundle, folder } = workshop();
    write('used.ts', 'export const used = () => "wanted";');
    write('unused.ts', 'const table = [..."unwanted"].sort(); export const unused = () => table;');
    write('index.ts', "export { used } from './used.ts'; export { unused } from './unused.ts';");

    await bundle('finish-run', {
      'finish-run': write(
        'entry.ts',
        "import { used } from './index.ts'; export const handler = async () => used();",
      ),
    });

    const code = readFileSync(path.join(folder, 'finish-run/finish-run.js'), 'utf8');
    expect(code).toContain('"wanted"');
    expect(code).not.toContain('unwanted');
  });

  it('is refused when its code needs a native library that it does not carry', async () => {
    const { write, bundle } = workshop();
    const entry = write(
      'entry.ts',
      `export { openDuckDb as handler } from '${root}/lib/adapters/duckdb/open-duckdb.ts';`,
    );

    await expect(bundle('finish-run', { 'finish-run': entry })).rejects.toMatchObject({
      name: 'BUILD_BUNDLE_WRONG',
      message: expect.stringContaining('the code of the bundle "finish-run" loads duckdb'),
    });
  });

  it('is refused when its code looks for files beside its source', async () => {
    const { write, bundle } = workshop();
    const entry = write('entry.ts', 'export const handler = async () => import.meta.dirname;');

    await expect(bundle('finish-run', { 'finish-run': entry })).rejects.toThrow(/import\.meta/);
  });

  it('draws the report and writes the model that the sources do, byte for byte', async () => {
    const { write, bundle, call } = workshop();
    const work = `import { createHash } from 'node:crypto';
      import { encodeOnnxModel, OnnxGraph } from '${root}/lib/domain/onnx/index.ts';
      import { evaluate } from '${root}/lib/domain/evaluation/index.ts';
      import { renderReport } from '${root}/lib/domain/report/index.ts';
      import { facts, penguins } from '${root}/test/unit/report/demo.ts';
      export const handler = async () => {
        const graph = new OnnxGraph();
        const x = graph.input('x', 'float64', ['N', 1]);
        const by = graph.initializer('factor', 'float64', [1], Float64Array.of(3));
        graph.node('Mul', [x, by], { name: 'scale', outputs: ['y'] });
        graph.output('y', 'float64', ['N', 1]);
        const report = await renderReport(await evaluate(penguins()), facts);
        return {
          charts: report.split('<svg').length - 1,
          report: createHash('sha256').update(report).digest('hex'),
          model: createHash('sha256').update(encodeOnnxModel(graph)).digest('hex'),
        };
      };`;
    const entry = write('entry.ts', work);
    await bundle('finish-run', { 'finish-run': entry });

    const answer = call('finish-run/finish-run.js', {});

    const sources = await import(pathToFileURL(entry).href);
    expect(answer).toEqual(await sources.handler());
    expect(answer).toMatchObject({ charts: expect.toSatisfy((charts: number) => charts > 1) });
  });

  it.skipIf(process.platform !== 'linux')(
    'runs DuckDB and ONNX Runtime from its own folder, with no node_modules in sight',
    async () => {
      const { write, bundle, call, folder } = workshop();
      const entry = write(
        'entry.ts',
        `import { openDuckDb } from '${root}/lib/adapters/duckdb/open-duckdb.ts';
        import { createSession } from '${root}/lib/adapters/onnx-runtime/run-session.ts';
        export const handler = async ({ folder }) => {
          const duck = await openDuckDb({ folder });
          const rows = await duck.rows('SELECT 6 * 7 AS answer');
          duck.close();
          const refusal = await createSession(new Uint8Array([1, 2, 3])).catch((error) => error.message);
          return { rows, refusal };
        };`,
      );

      await bundle('models', { 'train-model': entry });

      expect(call('models/train-model.js', { folder: path.join(folder, 'scratch') })).toEqual({
        rows: [{ answer: 42 }],
        refusal: expect.stringContaining('protobuf parsing failed'),
      });
    },
  );
});
