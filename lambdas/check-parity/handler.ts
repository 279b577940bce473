import * as z from 'zod';
import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import { type RollOutStep, rollOutPlan } from '../../lib/domain/routing/index.ts';
import { readSignature } from '../../lib/domain/signature/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { type ModelObject, objectKeys } from '../../lib/wire/object-keys.ts';
import { replayGoldenRows } from '../golden-rows.ts';
import type { Services } from '../services.ts';

const Input = z.object({ model: z.string(), version: z.int().min(1), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry'>;

export interface Parity {
  /** `outrun`: a version that was trained later serves already. */
  readonly verdict: 'same' | 'different' | 'outrun';
  readonly because: readonly string[];
  readonly steps: readonly RollOutStep[];
}

/**
 * Loads a version as serving does, replays its golden rows, and plans the steps to make it champion. A version that was
 * approved after a newer one went live was never held against it, so it does not take its place.
 */
export const run = async (input: Input, { objects, registry }: Needs): Promise<Parity> => {
  const { model, version } = input;
  const [{ spec }, route] = await Promise.all([registry.getSpec(model), registry.getRoute(model)]);
  if (route.champion !== undefined && route.champion > version) {
    const because = `version ${route.champion}, which is newer, serves already; \`millrace rollback ${model} --to ${version}\` prefers this one`;
    return { verdict: 'outrun', because: [because], steps: [] };
  }
  const read = (name: ModelObject) => objects.get(objectKeys.version(model, version, name));
  const signature = readSignature(await read('signature.json'));
  const golden = new TextDecoder().decode(await read('golden.jsonl'));
  const loaded = await openModel(await read('model.onnx'), signature);
  try {
    const { isSame, because } = await replayGoldenRows(golden, loaded, signature);
    const steps = rollOutPlan(spec.rollOut, {
      hasChampion: route.champion !== undefined && route.champion !== version,
    });
    return { verdict: isSame ? 'same' : 'different', because: [because], steps };
  } finally {
    await loaded.release();
  }
};

export const step: Step<typeof Input, Needs, Parity> = { input: Input, run };
