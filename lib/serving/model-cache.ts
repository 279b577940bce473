import { createHash } from 'node:crypto';
import type { ColumnTable } from '../domain/dataset/index.ts';
import type { ModelVersion } from '../domain/registry/index.ts';
import { type Predictions, readSignature, type Signature } from '../domain/signature/index.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { MillraceError } from '../wire/errors.ts';

/** A model in memory, ready to answer. */
export interface OpenModel {
  run(table: ColumnTable): Predictions | Promise<Predictions>;
  release(): void | Promise<void>;
}

export interface LoadedModel {
  readonly signature: Signature;
  readonly model: OpenModel;
}

export interface ModelCacheOptions {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly openModel: (bytes: Uint8Array, signature: Signature) => Promise<OpenModel>;
  /** Models held open at once; the least recently used beyond that is released. @default 8 */
  readonly maxModels?: number;
}

interface Entry {
  readonly loading: Promise<LoadedModel>;
  users: number;
  isEvicted: boolean;
}

const load = async (version: ModelVersion, options: ModelCacheOptions): Promise<LoadedModel> => {
  const [bytes, signatureBytes] = await Promise.all([
    options.objects.get(version.artifactKey),
    options.objects.get(version.signatureKey),
  ]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== version.artifactSha256)
    throw new MillraceError(
      'ARTIFACT_CORRUPT',
      `the artifact of ${version.model} version ${version.version} has sha256 ${sha256}, expected ${version.artifactSha256}`,
      { model: version.model, version: version.version },
    );
  const signature = readSignature(signatureBytes);
  return { signature, model: await options.openModel(bytes, signature) };
};

// Equal bytes share a session, unless they are to be read by another signature (two imports of one file).
const identityOf = (version: ModelVersion) => `${version.artifactSha256} ${version.signatureKey}`;

/** Open models by artifact: loaded once however many ask, checked against their sha256, released when out of use. */
export const modelCache = (options: ModelCacheOptions) => {
  const { maxModels = 8 } = options;
  /** In the order of use, least recent first. */
  const entries = new Map<string, Entry>();

  const releaseWhenUnused = (entry: Entry) => {
    if (entry.isEvicted && entry.users === 0)
      entry.loading.then(({ model }) => model.release()).catch(() => undefined);
  };

  const evict = (identity: string, entry: Entry) => {
    entries.delete(identity);
    entry.isEvicted = true;
    releaseWhenUnused(entry);
  };

  const add = (identity: string, version: ModelVersion): Entry => {
    const entry: Entry = { loading: load(version, options), users: 0, isEvicted: false };
    // A failed load is forgotten, so that the next request tries again.
    entry.loading.catch(() => {
      if (entries.get(identity) === entry) entries.delete(identity);
    });
    entries.set(identity, entry);
    for (const [oldest, other] of entries) {
      if (entries.size <= maxModels) break;
      evict(oldest, other);
    }
    return entry;
  };

  const touch = (identity: string, entry: Entry): Entry => {
    entries.delete(identity);
    entries.set(identity, entry);
    return entry;
  };

  return {
    /** Runs `work` with the model of a version, which stays open until the work is done. Throws ARTIFACT_CORRUPT. */
    use: async <Result>(
      version: ModelVersion,
      work: (loaded: LoadedModel) => Result | Promise<Result>,
    ): Promise<Result> => {
      const identity = identityOf(version);
      const known = entries.get(identity);
      const entry = known === undefined ? add(identity, version) : touch(identity, known);
      entry.users += 1;
      try {
        return await work(await entry.loading);
      } finally {
        entry.users -= 1;
        releaseWhenUnused(entry);
      }
    },
    /** Releases every model, each when its last user is done. */
    close: (): void => {
      for (const [identity, entry] of [...entries]) evict(identity, entry);
    },
  };
};
export type ModelCache = ReturnType<typeof modelCache>;
