import { createHash } from 'node:crypto';
import { ModelVersion } from '../../../lib/domain/registry/index.ts';
import { modelCache } from '../../../lib/serving/model-cache.ts';
import { houseSignature } from './stage.ts';

/** A cache over models that are nothing but their name. */
export const openModelsOf = (options: { readonly maxModels: number; readonly failFirst?: boolean }) => {
  const opened: string[] = [];
  const released: string[] = [];
  let failures = options.failFirst === true ? 1 : 0;
  const cache = modelCache({
    maxModels: options.maxModels,
    objects: {
      get: async (key) =>
        new TextEncoder().encode(key.endsWith('signature.json') ? JSON.stringify(houseSignature) : key),
    },
    openModel: async (bytes) => {
      if (failures-- > 0) throw new Error('not this time');
      const name = new TextDecoder().decode(bytes);
      opened.push(name);
      return {
        run: () => ({ kind: 'values', values: new Float64Array(1) }),
        release: () => {
          released.push(name);
        },
      };
    },
  });
  const versionOf = (name: string) =>
    ModelVersion.parse({
      model: 'houses',
      version: 1,
      runId: 'run',
      task: 'regression',
      trainer: 'linear',
      artifactSha256: createHash('sha256').update(name).digest('hex'),
      artifactKey: name,
      signatureKey: 'signature.json',
      files: {},
      metrics: {},
      specRevision: 1,
      codeVersion: '0',
      createdAt: '',
    });
  return {
    opened,
    released,
    close: () => cache.close(),
    use: (name: string, work: () => Promise<void> = async () => undefined) =>
      cache.use(versionOf(name), work),
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
};
