import { gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** The type flag. @default '0', a file */
  readonly type?: string;
}

const header = (name: string, sizeBytes: number, type: string): Buffer => {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write('0000644\0', 100);
  block.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\0', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
};

/** A tar archive, gzipped, as training jobs leave one. */
export const tarGz = (entries: readonly TarEntry[]): Buffer =>
  gzipSync(
    Buffer.concat([
      ...entries.flatMap(({ name, content, type = '0' }) => {
        const bytes = Buffer.from(content as Uint8Array);
        const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
        return [header(name, bytes.length, type), bytes, padding];
      }),
      Buffer.alloc(1024),
    ]),
  );
