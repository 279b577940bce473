import * as z from 'zod';
import { lanes } from '../../lib/wire/names.ts';

const AlarmEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  detail: z.object({ alarmName: z.string() }),
});

const ExecutionEvent = z.object({
  source: z.literal('aws.states'),
  /** JSON text; EventBridge leaves it out when it is long. */
  detail: z.object({ input: z.string().nullish() }),
});

const modelOfInput = (text: string): string | undefined => {
  try {
    return z.object({ model: z.string() }).safeParse(JSON.parse(text)).data?.model;
  } catch {
    return undefined;
  }
};

/** The alarm's name ends in `-<model>--<lane>`; of models whose names end alike all are meant, which costs a look each. */
const isAlarmOf = (alarmName: string, model: string): boolean =>
  lanes.some((lane) => alarmName.endsWith(`-${model}--${lane}`));

/**
 * The models an event may be about. The event only wakes the controller, which reads the whole state: an event that
 * names no model we know is about all of them.
 */
export const modelsOfEvent = (event: unknown, known: readonly string[]): readonly string[] => {
  const alarm = AlarmEvent.safeParse(event).data;
  const execution = ExecutionEvent.safeParse(event).data;
  const named = alarm
    ? known.filter((model) => isAlarmOf(alarm.detail.alarmName, model))
    : known.filter((model) => model === modelOfInput(execution?.detail.input ?? ''));
  return named.length > 0 ? named : known;
};
