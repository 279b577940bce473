import * as z from 'zod';
import type { Step } from '../../lib/wire/house.ts';
import type { Services } from '../services.ts';
import { type Decided, type Needs as DecideNeeds, decideModel } from './decide-model.ts';
import { modelsOfEvent } from './models-of-event.ts';
import { tidyUp } from './tidy-up.ts';

type Needs = DecideNeeds & Pick<Services, 'ids'>;

/** A person's request. The same `requestId` again is the same request; without one, each is another. */
const Request = z.object({
  model: z.string(),
  why: z.string().min(1),
  by: z.string().min(1),
  requestId: z.string().min(1).optional(),
});

/** A request, or whatever wakes the controller: an alarm, the end of an execution, a schedule. */
const Input = z.union([Request, z.looseObject({})]);
type Input = z.infer<typeof Input>;

export interface Decisions {
  readonly decisions: readonly Decided[];
}

const isRequest = (input: Input): input is z.infer<typeof Request> => Request.safeParse(input).success;

const isScheduled = (input: Input): boolean =>
  z.object({ source: z.literal('aws.events') }).safeParse(input).success;

/** A request is kept first: should this process die, the next decision finds it. Gives its signal's id. */
const keepRequest = async (
  { model, why, by, requestId }: z.infer<typeof Request>,
  { registry, clock, ids }: Needs,
): Promise<string> => {
  const signalId = `manual-${requestId ?? ids.next()}`;
  const at = new Date(clock.now()).toISOString();
  await registry.raiseSignal({ model, signalId, kind: 'manual', why, by, at });
  return signalId;
};

/** What became of a request: another may have answered it before we decided, and then nothing of it asked any more. */
const decideRequest = async (
  request: z.infer<typeof Request>,
  signalId: string,
  services: Needs,
): Promise<Decided> => {
  const { model } = request;
  const decided = await decideModel(model, services);
  const signals = await services.registry.listSignals(model);
  const runId = signals.find(({ body }) => body.signalId === signalId)?.body.answeredBy;
  return runId === undefined || runId === decided.runId
    ? decided
    : { model, decision: 'retrain', because: [request.why], runId };
};

/**
 * Decides for the models an event is about, or for all, once what was left undone is done when the schedule calls. The
 * fault of one keeps no other from being decided on; it is thrown when all have been. Throws MODEL_UNKNOWN for a request about a model nobody described.
 */
export const run = async (input: Input, services: Needs): Promise<Decisions> => {
  if (isRequest(input)) {
    await services.registry.getModel(input.model);
    const signalId = await keepRequest(input, services);
    return { decisions: [await decideRequest(input, signalId, services)] };
  }
  const known = (await services.registry.listModels()).map(({ model }) => model);
  const decisions: Decided[] = [];
  const faults = isScheduled(input) ? [...(await tidyUp(known, services))] : [];
  for (const model of modelsOfEvent(input, known)) {
    try {
      decisions.push(await decideModel(model, services));
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
  return { decisions };
};

export const step: Step<typeof Input, Needs, Decisions> = { input: Input, run };
