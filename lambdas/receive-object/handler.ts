import * as z from 'zod';
import { ModelName, parseModelSpec } from '../../lib/domain/model-spec/index.ts';
import { isMillraceError, MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { parseIncomingKey } from '../../lib/wire/object-keys.ts';
import { startCollecting } from '../collecting.ts';
import type { Services } from '../services.ts';

const Input = z.object({
  key: z.string(),
  etag: z.string(),
  sizeBytes: z.number().min(0),
  modifiedAt: z.string().optional(),
});
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'workflow' | 'notifier'>;

export type Received =
  | { readonly outcome: 'spec-applied'; readonly change: 'created' | 'changed' | 'unchanged' }
  | { readonly outcome: 'spec-refused'; readonly because: string }
  | { readonly outcome: 'noted'; readonly isNew: boolean }
  | { readonly outcome: 'refused'; readonly because: string }
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

const applySpec = async (input: Input, model: string, services: Needs): Promise<Received> => {
  try {
    const spec = parseModelSpec(await readSpecText(input, services), { expectedName: model });
    const { change } = await services.registry.applySpec({
      spec,
      by: 'drop',
      why: `${input.key} was dropped`,
    });
    // Data may have come before its model.json: it has waited.
    await startCollecting(model, services);
    return { outcome: 'spec-applied', change };
  } catch (error) {
    if (!isMillraceError(error, 'MODEL_SPEC_INVALID')) throw error;
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

/** Something was dropped: a spec is applied, anything else is noted and its batch is collected. */
export const run = async (input: Input, services: Needs): Promise<Received> => {
  const place = parseIncomingKey(input.key);
  // Names that start with a dot are what file managers and editors leave behind.
  if (place === undefined || /(^|\/)\./.test(place.path)) return { outcome: 'ignored' };
  const { model, path } = place;
  if (!ModelName.safeParse(model).success) {
    const { message } = new MillraceError(
      'MODEL_NAME_INVALID',
      `"${model}" cannot name a model (${input.key})`,
    );
    await refuse(input, model, message, services);
    return { outcome: 'refused', because: message };
  }
  if (path === 'model.json' || path.endsWith('/model.json')) return applySpec(input, model, services);
  const { isNew } = await services.registry.noteArrival({ model, ...input });
  await startCollecting(model, services);
  if ((await services.registry.findSpec(model)) === undefined) await sayItWaits(input, model, services);
  return { outcome: 'noted', isNew };
};

export const step: Step<typeof Input, Needs, Received> = { input: Input, run };
