import { createHash, randomUUID } from 'node:crypto';
import type { JsonValue } from '../../../wire/json.ts';

/** The functions Step Functions adds to JSONata. They answer `undefined` where AWS does, which fails the field. */
const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** The longest range AWS builds. */
const maxRangeLength = 360_145;

const invalid = (what: string): Error => new Error(what);

const partition = (items: unknown, size: unknown): readonly unknown[][] | undefined => {
  if (items === undefined) return undefined;
  if (typeof size !== 'number' || size < 0)
    throw invalid(`$partition needs a positive chunk size, got ${size}`);
  const list = Array.isArray(items) ? items : [items];
  const step = Math.trunc(size);
  if (step === 0 || list.length === 0) return undefined;
  const chunks = Math.ceil(list.length / step);
  return Array.from({ length: chunks }, (_, chunk) => list.slice(chunk * step, (chunk + 1) * step));
};

const range = (from: unknown, to: unknown, by: unknown): readonly number[] | number | undefined => {
  if (by === undefined) return undefined;
  if (typeof from !== 'number' || typeof to !== 'number' || typeof by !== 'number') {
    throw invalid(`$range needs three numbers, got ${from}, ${to}, ${by}`);
  }
  const [start, end, step] = [Math.trunc(from), Math.trunc(to), Math.trunc(by)];
  if (step === 0 || (end - start) * step < 0) return undefined;
  const length = Math.floor((end - start) / step) + 1;
  if (length > maxRangeLength)
    throw invalid(`$range would give ${length} numbers, at most ${maxRangeLength}`);
  const numbers = Array.from({ length }, (_, index) => start + index * step);
  // JSONata collapses a sequence of one to its value, and so does AWS here.
  return numbers.length === 1 ? numbers[0] : numbers;
};

const hash = (text: unknown, algorithm: unknown): string | undefined => {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = typeof algorithm === 'string' ? algorithms[algorithm] : undefined;
  if (name === undefined) {
    throw invalid(`$hash knows ${Object.keys(algorithms).join(', ')}, got ${String(algorithm)}`);
  }
  return createHash(name)
    .update(typeof text === 'string' ? text : JSON.stringify(text))
    .digest('hex');
};

const parse = (text: unknown): JsonValue | undefined => {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw invalid(`$parse needs a string of JSON, got ${typeof text}`);
  return JSON.parse(text) as JsonValue;
};

/** A number in [0, 1) from an integer seed: SplitMix32, well mixed for neighboring seeds. Not the numbers AWS gives. */
const seeded = (seed: number): number => {
  let z = (Math.trunc(seed) + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
};

const disabledEval = (): never => {
  throw invalid('$eval is not available in Step Functions; parse JSON text with $parse');
};

/** Bindings by function name; `random` is the source of unseeded numbers. */
export const awsFunctions = (random: () => number) => ({
  partition,
  range,
  hash,
  parse,
  eval: disabledEval,
  uuid: () => randomUUID(),
  random: (seed?: unknown) => (typeof seed === 'number' ? seeded(seed) : random()),
});
