import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import type { NativeLibrary } from '../lib/wire/functions.ts';

const outFolder = 'dist/functions';

/** File of each function's entry, by bundle and function. */
export type BundleEntries = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface BundledCode {
  /** Content by name: `<function>.js` and `<function>.js.map`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Native libraries the code loads. */
  readonly natives: readonly NativeLibrary[];
  /** Bytes of JavaScript by package, largest first: which import is to blame for the size. */
  readonly packages: readonly (readonly [string, number])[];
}

/**
 * Our own modules do nothing when imported, so what is not used of them goes; their imports name files, which saves the
 * search. The same as `"sideEffects": false` in package.json, said only to the bundler.
 */
const ourModules: Plugin = {
  name: 'our-modules',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path: target, resolveDir, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.resolve(resolveDir, target), sideEffects: false },
    ),
};

/** How the code of a bundle loads each library: from the folder beside it that is named after the library. */
const binaries = {
  duckdb: './duckdb/duckdb.node',
  onnxruntime: './onnxruntime/onnxruntime_binding.node',
} as const satisfies Record<NativeLibrary, string>;

/**
 * The JavaScript of native libraries is bundled: DuckDB's loads in 33 ms then, in 190 otherwise. Their binaries stay files,
 * found without node_modules.
 */
const nativeLibraries: Plugin = {
  name: 'native-libraries',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@duckdb\/node-bindings$/ }, () => ({ path: binaries.duckdb, external: true }));
    onResolve({ filter: /^\.\/onnxruntime\/.*\.node$/ }, ({ path: file }) => ({
      path: file,
      external: true,
    }));
    onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const asked = /require\(`[^`]*onnxruntime_binding\.node`\)/;
      return asked.test(text)
        ? { contents: text.replace(asked, `require('${binaries.onnxruntime}')`), loader: 'js' }
        : {
            errors: [{ text: `${file} no longer asks for its binary the way build/bundle-code.ts expects` }],
          };
    });
  },
};

/** Charts are drawn as SVG: the Node flavour would only add a search for the package `canvas`, by a top-level await. */
const chartsWithoutCanvas: Plugin = {
  name: 'charts-without-canvas',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^vega-canvas$/ }, ({ path: target, resolveDir, kind, pluginData }) =>
      pluginData === 'found'
        ? undefined
        : resolve(target, { resolveDir, kind, pluginData: 'found' }).then(({ path: file }) => ({
            path: file.replace(/vega-canvas\.node\.js$/, 'vega-canvas.browser.js'),
          })),
    ),
};

/**
 * CommonJS, because it loads with less work (a plain function 77 ms of processor time, 96 as ESM) and nothing of ours needs
 * ESM: an `import.meta` in the graph fails the build, so that no code looks for files beside a source that is not there.
 * Names of errors are literals and survive. Maps lie outside: inline ones cost 42–50 ms a start.
 */
const options = (root: string, entries: BundleEntries): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: Object.entries(entries).flatMap(([bundle, files]) =>
    Object.entries(files).map(([name, file]) => ({ in: file, out: `${bundle}/${name}` })),
  ),
  // Always the same, wherever the files go: what a source map says of its sources is relative to this.
  outdir: path.join(root, outFolder),
  write: false,
  metafile: true,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  treeShaking: true,
  charset: 'utf8',
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'silent',
  logOverride: { 'empty-import-meta': 'error' },
  plugins: [ourModules, nativeLibraries, chartsWithoutCanvas],
});

type Outputs = readonly Metafile['outputs'][string][];

const packageOf = (input: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? 'millrace';

const bytesByPackage = (outputs: Outputs): BundledCode['packages'] => {
  const bytes = new Map<string, number>();
  for (const { inputs } of outputs)
    for (const [input, { bytesInOutput }] of Object.entries(inputs))
      bytes.set(packageOf(input), (bytes.get(packageOf(input)) ?? 0) + bytesInOutput);
  return [...bytes].sort(([, a], [, b]) => b - a);
};

const nativesOf = (outputs: Outputs): readonly NativeLibrary[] => {
  const loaded = new Set(outputs.flatMap(({ imports }) => imports.map(({ path: target }) => target)));
  return (Object.keys(binaries) as NativeLibrary[]).filter((library) => loaded.has(binaries[library]));
};

/**
 * Makes one file of each function, with its map; all in one go, so that what they share is read and parsed once. Rejects
 * with esbuild's own failure, which names file and line.
 */
export const bundleCode = async (
  root: string,
  entries: BundleEntries,
): Promise<ReadonlyMap<string, BundledCode>> => {
  const { outputFiles = [], metafile } = await build(options(root, entries));
  const bundles = Object.keys(entries).map((bundle): [string, BundledCode] => {
    const folder = path.join(root, outFolder, bundle);
    const files = outputFiles.filter((file) => path.dirname(file.path) === folder);
    const outputs = Object.entries(metafile?.outputs ?? {})
      .filter(([name]) => path.dirname(name) === `${outFolder}/${bundle}`)
      .map(([, output]) => output);
    return [
      bundle,
      {
        files: new Map(files.map((file) => [path.basename(file.path), file.contents])),
        natives: nativesOf(outputs),
        packages: bytesByPackage(outputs),
      },
    ];
  });
  return new Map(bundles);
};
