import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type OnResolveResult, type Plugin } from 'esbuild';
import type { NativeLibrary } from '../lib/wire/functions.ts';

export interface CodeRequest {
  readonly root: string;
  readonly bundle: string;
  /** File of each function, by the function's name. */
  readonly entries: Readonly<Record<string, string>>;
  readonly natives: readonly NativeLibrary[];
}

export interface BundledCode {
  /** Content by name: `<function>.js` and `<function>.js.map`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metafile: Metafile;
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

/**
 * The JavaScript of native libraries is bundled (DuckDB's loads in 33 ms then, in 190 otherwise); their binaries lie
 * beside it, in the folder named after the library, and are found from there instead of through node_modules.
 */
const nativeLibraries = ({ bundle, natives }: CodeRequest): Plugin => ({
  name: 'native-libraries',
  setup: ({ onResolve, onLoad }) => {
    const binary = (library: NativeLibrary, file: string, importer: string): OnResolveResult =>
      natives.includes(library)
        ? { path: `./${library}/${file}`, external: true }
        : {
            errors: [
              {
                text: `${importer} needs ${library}, which the bundle "${bundle}" does not carry: name another bundle for its functions in lib/wire/functions.ts`,
              },
            ],
          };
    onResolve({ filter: /^@duckdb\/node-bindings$/ }, ({ importer }) =>
      binary('duckdb', 'duckdb.node', importer),
    );
    onResolve({ filter: /^onnxruntime_binding\.node$/ }, ({ importer }) =>
      binary('onnxruntime', 'onnxruntime_binding.node', importer),
    );
    onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replace(/require\(`[^`]*onnxruntime_binding\.node`\)/, () => {
        return "require('onnxruntime_binding.node')";
      });
      return contents === text
        ? { errors: [{ text: `${file} no longer requires its binary the way build/bundle-code.ts expects` }] }
        : { contents, loader: 'js' };
    });
  },
});

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
 * CommonJS, because a handler with ONNX Runtime starts in 89 ms as CommonJS, the quickest we measured, and no package of
 * ours needs ESM: an `import.meta` in the graph fails the build, so nothing in it can look for files beside its source.
 * Names of errors are literals, so that minified ones keep theirs. Maps lie outside: inline ones cost 42–50 ms a start.
 */
const options = (request: CodeRequest): BuildOptions => ({
  absWorkingDir: request.root,
  entryPoints: { ...request.entries },
  // Always the same, wherever the files go: what a source map says of its sources is relative to this.
  outdir: path.join(request.root, 'dist/functions', request.bundle),
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
  plugins: [ourModules, nativeLibraries(request), chartsWithoutCanvas],
});

/** Makes one file of each function, with its map. Rejects with esbuild's own failure, which names file and line. */
export const bundleCode = async (request: CodeRequest): Promise<BundledCode> => {
  const { outputFiles = [], metafile } = await build(options(request));
  return {
    files: new Map(outputFiles.map((file) => [path.basename(file.path), file.contents])),
    metafile: metafile as Metafile,
  };
};

const packageOf = (input: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? 'millrace';

/** Bytes of JavaScript by package, largest first: which import is to blame for the size of a bundle. */
export const bytesByPackage = ({ outputs }: Metafile): readonly (readonly [string, number])[] => {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [input, { bytesInOutput }] of Object.entries(inputs))
      bytes.set(packageOf(input), (bytes.get(packageOf(input)) ?? 0) + bytesInOutput);
  return [...bytes].sort(([, a], [, b]) => b - a);
};
