import { describe, expect, test } from 'vitest';
import { modelsOfEvent } from '../../../lambdas/decide-retraining/models-of-event.ts';

const known = ['delay', 'flight-delay', 'penguins'];

const alarm = (alarmName: string) => ({ source: 'aws.cloudwatch', detail: { alarmName } });
const execution = (input: string | null) => ({
  source: 'aws.states',
  detail: { input, status: 'SUCCEEDED' },
});

describe('whom an event wakes the controller for', () => {
  test.each<[string, object, readonly string[]]>([
    ['the model of an alarm', alarm('millrace-dev-penguins--drift'), ['penguins']],
    [
      'all whose names end alike: a look each, and no wrong decision',
      alarm('millrace-dev-flight-delay--drift'),
      ['delay', 'flight-delay'],
    ],
    ['the model of an execution', execution('{"model":"penguins","runId":"run-7"}'), ['penguins']],
    ['everyone, for an alarm of the stack', alarm('millrace-dev-dead-letters'), known],
    ['everyone, for an execution whose input was left out', execution(null), known],
    ['everyone, for an execution of something else', execution('{"model":"gone"}'), known],
    ['everyone, for a schedule', { source: 'aws.scheduler', detail: {} }, known],
    ['everyone, for nothing at all', {}, known],
  ])('is %s', (_, event, models) => {
    expect(modelsOfEvent(event, known)).toEqual(models);
  });
});
