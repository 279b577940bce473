import * as z from 'zod';
import { objectKeyFault } from '../../lib/adapters/shared/object-key.ts';
import { ModelName, parseModelSpec } from '../../lib/domain/model-spec/index.ts';
import { isMillraceError, MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { parseIncomingKey, parseLabelsKey } from '../../lib/wire/object-keys.ts';
import { startCollecting } from '../collecting.ts';
import { isDoneMark } from '../done-mark.ts';
import type { Services } from '../services.ts';
import { noteFolderOf } from './note-folder.ts';

const Input = z.object({
  key: z.string(),
  etag: z.string(),
  sizeBytes: z.number().min(0),
  modifiedAt: z.string().optional(),
});
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'workflow' | 'notifier' | 'clock' | 'listsLagMs'>;

export type Received =
  | { readonly outcome: 'spec-applied'; readonly change: 'created' | 'changed' | 'unchanged' }
  | { readonly outcome: 'spec-refused'; readonly because: string }
  | { readonly outcome: 'noted'; readonly isNew: boolean }
  | { readonly outcome: 'refused'; readonly because: string }
  /** Taken away before anybody looked. */
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'ignored' };

const maxSpecBytes = 1_000_000;

/** Says once, for one content of one object, that it was refused: the event may come twice. */
const refuse = async (input: Input, model: string, because: string, { notifier }: Needs) =>
  notifier.notify({
    id: `refused-${input.key}-${input.etag}`,
    kind: 'spec-refused',
    model,
    subject: `${input.key} was refused`,
    text: because,
  });

const readSpecText = async (input: Input, { objects }: Needs): Promise<string> => {
  if (input.sizeBytes > maxSpecBytes)
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `${input.key} has ${input.sizeBytes} bytes, at most ${maxSpecBytes} are read`,
    );
  return new TextDecoder().decode(await objects.get(input.key));
};

/**
 * Every start of a laptop tells of the whole drop zone anew, and events may come late or twice: what was dropped before
 * somebody applied another spec by hand must not undo that.
 */
const isOutdated = async (
  { modifiedAt }: Input,
  model: string,
  { registry }: Pick<Needs, 'registry'>,
): Promise<boolean> => {
  const inForce = await registry.findSpec(model);
  if (inForce === undefined || inForce.by === 'drop' || modifiedAt === undefined) return false;
  return Date.parse(modifiedAt) < Date.parse(inForce.appliedAt);
};

const applySpec = async (input: Input, model: string, services: Needs): Promise<Received> => {
  try {
    const spec = parseModelSpec(await readSpecText(input, services), { expectedName: model });
    const { change } = (await isOutdated(input, model, services))
      ? { change: 'unchanged' as const }
      : await services.registry.applySpec({ spec, by: 'drop', why: `${input.key} was dropped` });
    // Data may have come before its model.json: it has waited, and found no model when it was noted a moment ago.
    const { clock, listsLagMs = 0 } = services;
    if (listsLagMs > 0) await clock.sleep(listsLagMs);
    await startCollecting(model, services);
    return { outcome: 'spec-applied', change };
  } catch (error) {
    // A spec larger than a record says so as RECORD_INVALID, however often its event comes.
    if (!isMillraceError(error, 'MODEL_SPEC_INVALID') && !isMillraceError(error, 'RECORD_INVALID'))
      throw error;
    await refuse(input, model, error.message, services);
    return { outcome: 'spec-refused', because: error.message };
  }
};

/** Says, once for one content of one object, that nobody has described its model yet. */
const sayItWaits = async (input: Input, model: string, { notifier }: Needs) =>
  notifier.notify({
    id: `waits-${input.key}-${input.etag}`,
    kind: 'note',
    model,
    subject: `${input.key} waits`,
    text: `Nobody has described the model "${model}" yet. Drop a model.json under incoming/${model}/, or run \`npx millrace apply model.json\`; the file is kept until then.`,
  });

const note = async (input: Input, model: string, services: Needs): Promise<Received> => {
  // The event of a mark may overtake those of the files it closes.
  if (isDoneMark(input)) await noteFolderOf({ model, ...input }, services);
  const { isNew, arrival } = await services.registry.noteArrival({ model, ...input });
  await startCollecting(model, services, arrival);
  if ((await services.registry.findSpec(model)) === undefined) await sayItWaits(input, model, services);
  return { outcome: 'noted', isNew };
};

/** Labels wait for the next look of the monitor, and for as long as nothing serves. */
const noteLabels = async (input: Input, model: string, services: Needs): Promise<Received> => {
  const { isNew } = await services.registry.noteLabelFile({ model, ...input });
  if ((await services.registry.findSpec(model)) === undefined) await sayItWaits(input, model, services);
  return { outcome: 'noted', isNew };
};

/** A key that some store could not hold cannot be fetched, however often its event comes. */
const refuseKey = async (input: Input, model: string, fault: string, services: Needs): Promise<Received> => {
  const { message } = new MillraceError(
    'OBJECT_KEY_INVALID',
    `the object key ${JSON.stringify(input.key)} has ${fault}`,
  );
  await refuse(input, model, message, services);
  return { outcome: 'refused', because: message };
};

/** Something was dropped: a spec is applied, labels are noted, anything else is noted and its batch is collected. */
export const run = async (input: Input, services: Needs): Promise<Received> => {
  const labels = parseLabelsKey(input.key);
  const place = labels ?? parseIncomingKey(input.key);
  // Names that start with a dot are what file managers and editors leave behind.
  // One that ends with a slash is a folder, as the console of S3 makes them.
  if (place === undefined || /(^|\/)\.|\/$/.test(place.path)) return { outcome: 'ignored' };
  const { model, path } = place;
  if (!ModelName.safeParse(model).success) {
    const { message } = new MillraceError(
      'MODEL_NAME_INVALID',
      `"${model}" cannot name a model (${input.key})`,
    );
    await refuse(input, model, message, services);
    return { outcome: 'refused', because: message };
  }
  const fault = objectKeyFault(input.key);
  if (fault !== undefined) return refuseKey(input, model, fault, services);
  if (labels !== undefined) return noteLabels(input, model, services);
  if (path === 'model.json' || path.endsWith('/model.json')) return applySpec(input, model, services);
  return note(input, model, services);
};

export const step: Step<typeof Input, Needs, Received> = { input: Input, run };
