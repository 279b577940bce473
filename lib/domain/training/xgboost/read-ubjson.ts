import { MillraceError } from '../../../wire/errors.ts';

/** Numbers of one type in a row come as a typed array, all others as a plain list. */
export type UbjsonValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array
  | readonly UbjsonValue[]
  | { readonly [name: string]: UbjsonValue };

const maxDepth = 64;
/**
 * Of everything but lists of numbers: a member takes a hundred times the byte it may be written with, or takes none at
 * all (a list of type "T"). A tree has about 25 values, so that 400,000 trees fit, in a gigabyte at most.
 */
const maxValues = 10_000_000;

const refuse = (at: number, what: string): never => {
  throw new MillraceError('TRAINING_OUTPUT_INVALID', `the UBJSON is broken at byte ${at}: ${what}`, { at });
};

/** A number of 64 bits that JavaScript can hold. */
const safe = (value: bigint, at: number): number => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : refuse(at, `the integer ${value} is too large`);
};

type NumberReader = { readonly bytes: number; readonly read: (view: DataView, at: number) => number };

/** By type marker, big-endian: https://ubjson.org/type-reference/value-types/ */
const numberReaders: Readonly<Record<string, NumberReader>> = {
  i: { bytes: 1, read: (view, at) => view.getInt8(at) },
  U: { bytes: 1, read: (view, at) => view.getUint8(at) },
  I: { bytes: 2, read: (view, at) => view.getInt16(at) },
  l: { bytes: 4, read: (view, at) => view.getInt32(at) },
  L: { bytes: 8, read: (view, at) => safe(view.getBigInt64(at), at) },
  d: { bytes: 4, read: (view, at) => view.getFloat32(at) },
  D: { bytes: 8, read: (view, at) => view.getFloat64(at) },
};

const rooms: Readonly<
  Record<string, (count: number) => Exclude<UbjsonValue, string | null> & { [at: number]: number }>
> = {
  i: (count) => new Int8Array(count),
  U: (count) => new Uint8Array(count),
  I: (count) => new Int16Array(count),
  l: (count) => new Int32Array(count),
  L: (count) => new Float64Array(count),
  d: (count) => new Float32Array(count),
  D: (count) => new Float64Array(count),
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads one value after another; every length is held against the bytes that are left before anything is made of it. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  /** Steps over so many bytes and gives where they begin. */
  #take(count: number): number {
    const from = this.#at;
    if (count < 0 || from + count > this.#bytes.length)
      refuse(from, `${count} bytes expected, ${this.#bytes.length - from} are left`);
    this.#at += count;
    return from;
  }

  /** The next marker; "no operation" markers mean nothing. */
  #marker(): string {
    let marker = 'N';
    while (marker === 'N') marker = String.fromCharCode(this.#bytes[this.#take(1)] as number);
    return marker;
  }

  #peek(): string {
    return String.fromCharCode(this.#bytes[this.#at] ?? 0);
  }

  #number(type: string): number {
    const reader = numberReaders[type] ?? refuse(this.#at, `"${type}" where a number is expected`);
    return reader.read(this.#view, this.#take(reader.bytes));
  }

  #length(): number {
    const at = this.#at;
    const length = this.#number(this.#marker());
    return Number.isInteger(length) && length >= 0 ? length : refuse(at, `the length ${length}`);
  }

  #text(): string {
    const length = this.#length();
    const from = this.#take(length);
    try {
      return utf8.decode(this.#bytes.subarray(from, from + length));
    } catch {
      return refuse(from, 'a text that is not UTF-8');
    }
  }

  /** What may stand after the opening of a list or an object: the type of all members, and how many. */
  #head(): { readonly type?: string; readonly count?: number } {
    if (this.#peek() === '$') {
      this.#take(1);
      const type = this.#marker();
      if (this.#marker() !== '#') refuse(this.#at, 'a type without a count');
      return { type, count: this.#length() };
    }
    if (this.#peek() !== '#') return {};
    this.#take(1);
    return { count: this.#length() };
  }

  #numbers(type: string, count: number): UbjsonValue {
    const reader = numberReaders[type];
    const room = rooms[type];
    if (reader === undefined || room === undefined) return refuse(this.#at, `a list of "${type}"`);
    const from = this.#take(count * reader.bytes);
    const values = room(count);
    for (let index = 0; index < count; index += 1)
      values[index] = reader.read(this.#view, from + index * reader.bytes);
    return values;
  }

  #list(depth: number): UbjsonValue {
    const { type, count } = this.#head();
    if (type !== undefined && count !== undefined && Object.hasOwn(numberReaders, type))
      return this.#numbers(type, count);
    if (count !== undefined && count > this.#bytes.length - this.#at)
      refuse(this.#at, `a list of ${count} members in ${this.#bytes.length - this.#at} bytes`);
    const members: UbjsonValue[] = [];
    while (count === undefined ? this.#peek() !== ']' : members.length < count)
      members.push(this.value(depth + 1, type));
    if (count === undefined) this.#take(1);
    return members;
  }

  #object(depth: number): UbjsonValue {
    const { type, count } = this.#head();
    const members: [string, UbjsonValue][] = [];
    while (count === undefined ? this.#peek() !== '}' : members.length < count)
      members.push([this.#text(), this.value(depth + 1, type)]);
    if (count === undefined) this.#take(1);
    return Object.fromEntries(members);
  }

  value(depth: number, type: string = this.#marker()): UbjsonValue {
    if (depth > maxDepth) refuse(this.#at, `more than ${maxDepth} levels`);
    this.#values += 1;
    if (this.#values > maxValues) refuse(this.#at, `more than ${maxValues} values`);
    switch (type) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#list(depth);
      case 'S':
      case 'H':
        return this.#text();
      case 'C':
        return String.fromCharCode(this.#bytes[this.#take(1)] as number);
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return null;
      default:
        return this.#number(type);
    }
  }
}

/**
 * Reads a Universal Binary JSON document (https://ubjson.org), as XGBoost writes its models. Throws
 * TRAINING_OUTPUT_INVALID naming the byte where it stops making sense, also when it ends early or something follows.
 */
export const readUbjson = (bytes: Uint8Array): UbjsonValue => {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at < bytes.length) refuse(reader.at, `${bytes.length - reader.at} bytes too many`);
  return value;
};
