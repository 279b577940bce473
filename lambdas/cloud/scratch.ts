import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writingTo } from '../../lib/adapters/shared/disk-full.ts';
import type { Services } from '../services.ts';

/**
 * Scratch folders under the one place a function may write. What an invocation that ran out of time or memory left there
 * is removed at the start: its disk is handed on to the next process. Throws STORAGE_FULL.
 */
export const cloudScratch = (root = '/tmp/millrace'): Services['withScratchFolder'] => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  return async (work) => {
    const folder = path.join(root, randomBytes(6).toString('hex'));
    const remove = () => rm(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const result = await writingTo(folder, () => work(folder), remove);
    await remove();
    return result;
  };
};
