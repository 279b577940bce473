import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { type Finding, hasErrors } from '../../lib/domain/doctor/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import type { Signature } from '../../lib/domain/signature/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { objectKeys, sourceExtension } from '../../lib/wire/object-keys.ts';
import { measured } from '../measured.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import { putOnce } from '../put-once.ts';
import { boundedReasons } from '../reasons.ts';
import { parseSidecar, rehearseAdoption } from '../rehearse-adoption.ts';
import type { Services } from '../services.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'codeVersion'>;

export type Adopted =
  | { readonly verdict: 'adopted'; readonly artifactSha256: string }
  | { readonly verdict: 'refused'; readonly because: readonly string[] };

/** The newest dropped file of the run's batch whose name ends like this, as it was stored. */
const readDropped = async (
  { model, runId }: Input,
  ending: string,
  { objects, registry }: Needs,
): Promise<Uint8Array | undefined> => {
  const { batchId = missingRunFact(runId, 'batchId') } = await registry.getRun(runId);
  const batch = await registry.findBatch(model, batchId);
  const arrival = batch?.arrivals.findLast(({ key, sha256 }) => key.endsWith(ending) && sha256 !== undefined);
  if (arrival?.sha256 === undefined) return undefined;
  return objects.get(objectKeys.source(model, arrival.sha256, sourceExtension(arrival.key)));
};

const refused = (findings: readonly Finding[]): Adopted => ({
  verdict: 'refused',
  because: boundedReasons(
    findings.filter(({ severity }) => severity === 'error').map(({ what, fix }) => `${what}: ${fix}`),
  ),
});

const rehearse = async (
  input: Input,
  folder: string,
  bytes: Uint8Array,
  services: Needs,
): Promise<{ readonly signature?: Signature; readonly findings: readonly Finding[] }> => {
  const { datasetVersion = missingRunFact(input.runId, 'datasetVersion') } = await services.registry.getRun(
    input.runId,
  );
  for (const name of ['test.parquet', 'model.resolved.json'] as const)
    await services.objects.download(
      objectKeys.dataset(input.model, datasetVersion, name),
      path.join(folder, name),
    );
  const resolved: ResolvedSpec = JSON.parse(await readFile(path.join(folder, 'model.resolved.json'), 'utf8'));
  const sidecar = parseSidecar(await readDropped(input, 'signature.json', services));
  return rehearseAdoption({ bytes, resolved, sidecar, rowsFile: path.join(folder, 'test.parquet') });
};

const adopt = async (input: Input, folder: string, services: Needs): Promise<Adopted> => {
  const { model, runId } = input;
  const { objects, registry, codeVersion } = services;
  const bytes = await readDropped(input, '.onnx', services);
  if (bytes === undefined) return { verdict: 'refused', because: ['the batch has no .onnx file'] };
  const { signature, findings } = await rehearse(input, folder, bytes, services);
  if (signature === undefined || hasErrors(findings)) return refused(findings);
  await putOnce(objects, objectKeys.run(model, runId, 'model.onnx'), bytes, { mustMatch: true });
  await putOnce(objects, objectKeys.run(model, runId, 'signature.json'), JSON.stringify(signature, null, 2));
  const artifactSha256 = createHash('sha256').update(bytes).digest('hex');
  await registry.noteRun(runId, { trainer: 'brought', codeVersion, artifactSha256 });
  return { verdict: 'adopted', artifactSha256 };
};

/** Examines and rehearses a model trained elsewhere; adopted, it takes the road of our own. */
export const run = (input: Input, services: Needs): Promise<Adopted> =>
  measured('adopt', input.runId, services, () =>
    services.withScratchFolder((folder) => adopt(input, folder, services)),
  );

export const step: Step<typeof Input, Needs, Adopted> = { input: Input, run };
