import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../wire/json.ts';
import { isExpression } from './expression.ts';

/** The shapes of the Amazon States Language in its JSONata form; what is not named here is refused. */
const maxCount = 99_999_999;
const template = z.json();
const expression = z.string().refine(isExpression, 'expected a value or one {% JSONata %} expression');
const count = z.union([z.int().min(0).max(maxCount), expression]);
const positive = z.union([z.int().min(1).max(maxCount), expression]);
const percentage = z.union([z.number().min(0).max(100), expression]);
const stateName = z.string().min(1);

const variableName = z
  .string()
  .max(80)
  .regex(/^[\p{ID_Start}_][\p{ID_Continue}]*$/u, 'expected a variable name: letters, digits and "_"')
  .refine((name) => name !== 'states', '"states" is reserved');
const assign = z.record(variableName, template);
const errorEquals = z.array(z.string().min(1)).min(1);

const retrier = z.strictObject({
  ErrorEquals: errorEquals,
  IntervalSeconds: z.int().min(1).max(maxCount).default(1),
  MaxAttempts: z.int().min(0).max(maxCount).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(['NONE', 'FULL']).default('NONE'),
  Comment: z.string().optional(),
});

const catcher = z.strictObject({
  ErrorEquals: errorEquals,
  Next: stateName,
  Output: template.optional(),
  Assign: assign.optional(),
  Comment: z.string().optional(),
});

const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal('JSONata').optional(),
};
const transition = { Next: stateName.optional(), End: z.boolean().optional() };
const result = { Output: template.optional(), Assign: assign.optional() };
const recovery = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const choiceRule = z.strictObject({
  Condition: z.union([expression, z.boolean()]),
  Next: stateName,
  Comment: z.string().optional(),
  ...result,
});

export const stateSchemas = {
  Task: z.strictObject({
    Type: z.literal('Task'),
    Resource: z
      .string()
      .min(1)
      .refine((resource) => !isExpression(resource), 'expected a constant, not an expression'),
    Arguments: template.optional(),
    TimeoutSeconds: positive.optional(),
    HeartbeatSeconds: positive.optional(),
    ...common,
    ...transition,
    ...result,
    ...recovery,
  }),
  Choice: z.strictObject({
    Type: z.literal('Choice'),
    Choices: z.array(choiceRule).min(1),
    Default: stateName.optional(),
    ...common,
    ...result,
  }),
  Pass: z.strictObject({ Type: z.literal('Pass'), ...common, ...transition, ...result }),
  Wait: z.strictObject({
    Type: z.literal('Wait'),
    Seconds: count.optional(),
    Timestamp: z.string().optional(),
    ...common,
    ...transition,
    ...result,
  }),
  Parallel: z.strictObject({
    Type: z.literal('Parallel'),
    Branches: z.array(z.unknown()).min(1),
    Arguments: template.optional(),
    ...common,
    ...transition,
    ...result,
    ...recovery,
  }),
  Map: z.strictObject({
    Type: z.literal('Map'),
    ItemProcessor: z.unknown().refine((value) => value !== undefined, 'a Map needs an ItemProcessor'),
    Items: z.union([z.array(template), expression]).optional(),
    ItemSelector: template.optional(),
    MaxConcurrency: count.optional(),
    ToleratedFailureCount: count.optional(),
    ToleratedFailurePercentage: percentage.optional(),
    ...common,
    ...transition,
    ...result,
    ...recovery,
  }),
  Succeed: z.strictObject({ Type: z.literal('Succeed'), Output: template.optional(), ...common }),
  Fail: z.strictObject({
    Type: z.literal('Fail'),
    Error: z.string().optional(),
    Cause: z.string().optional(),
    ...common,
  }),
} as const;

const containerShape = {
  StartAt: stateName,
  States: z.record(stateName, z.unknown()),
  Comment: z.string().optional(),
};

export const branchSchema = z.strictObject(containerShape);
export const itemProcessorSchema = z.strictObject({
  ...containerShape,
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE').optional() }).optional(),
});
export const machineSchema = z.strictObject({
  ...containerShape,
  QueryLanguage: z.literal('JSONata').optional(),
  TimeoutSeconds: z.int().min(1).max(maxCount).optional(),
  Version: z.literal('1.0').optional(),
});

export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type TaskState = z.infer<typeof stateSchemas.Task>;
export type ChoiceState = z.infer<typeof stateSchemas.Choice>;
export type PassState = z.infer<typeof stateSchemas.Pass>;
export type WaitState = z.infer<typeof stateSchemas.Wait>;
export type SucceedState = z.infer<typeof stateSchemas.Succeed>;
export type FailState = z.infer<typeof stateSchemas.Fail>;
export type ParallelState = Omit<z.infer<typeof stateSchemas.Parallel>, 'Branches'> & {
  readonly Branches: readonly Container[];
};
export type MapState = Omit<z.infer<typeof stateSchemas.Map>, 'ItemProcessor'> & {
  readonly ItemProcessor: Container;
};
export type RecoverableState = TaskState | ParallelState | MapState;
export type State = RecoverableState | ChoiceState | PassState | WaitState | SucceedState | FailState;

/** A machine, a branch or an item processor: states and where they start. */
export interface Container {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Machine extends Container {
  readonly timeoutSeconds: number | undefined;
}

export type { JsonObject, JsonValue };
