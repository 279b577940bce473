import type * as z from 'zod';
import { type ErrorCode, MillraceError } from './errors.ts';

/** What a handler module shows: the schema of its input and the work, so that a laptop, a test and AWS call the same. */
export interface Step<Input extends z.ZodType, Services, Output> {
  readonly input: Input;
  readonly run: (input: z.output<Input>, services: Services) => Promise<Output>;
}

/** Parses a payload with a step's schema and runs it. Throws INPUT_INVALID naming the path, what was expected and what came. */
export const runStep = async <Input extends z.ZodType, Services, Output>(
  step: Step<Input, Services, Output>,
  payload: unknown,
  services: Services,
): Promise<Output> => {
  const parsed = step.input.safeParse(payload);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || '(payload)'}: ${issue.message}`,
    );
    throw new MillraceError('INPUT_INVALID', `the payload does not fit: ${issues.join(' | ')}`, { issues });
  }
  return step.run(parsed.data, services);
};

/** Makes something at the first call and keeps it; what failed is tried again at the next. */
export const once = <Made>(make: () => Made | Promise<Made>): (() => Promise<Made>) => {
  let made: Promise<Made> | undefined;
  return async () => {
    made ??= Promise.resolve(make());
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
};

/** What Lambda tells of one invocation, as far as the house reads it. */
export interface Invocation {
  readonly getRemainingTimeInMillis: () => number;
}

/** Enough to stop, remove the scratch and let the reason reach the run's record, before Lambda ends the process. */
const lastMs = 5000;

/** What a step is told of its time, beside its services. */
interface Deadline {
  readonly signal?: AbortSignal;
  readonly remainingMs?: () => number;
}

/** Runs work with a signal that aborts 5 s before Lambda would end it. Work that holds the thread asks `remainingMs`. */
const beforeLambdaEnds = async <Result>(
  invocation: Invocation | undefined,
  tooLate: ErrorCode,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> => {
  if (invocation === undefined) return work({});
  const remainingMs = () => Math.max(0, invocation.getRemainingTimeInMillis() - lastMs);
  const givenMs = remainingMs();
  const controller = new AbortController();
  const stop = () =>
    controller.abort(
      new MillraceError(tooLate, `it was stopped after ${Math.round(givenMs / 1000)} s, all the time it has`),
    );
  const timer = setTimeout(stop, givenMs);
  try {
    return await work({ signal: controller.signal, remainingMs });
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The house's Lambda entry: services are built once, at the first event of a cold start, never at import. Errors keep
 * their names, which Lambda hands to Step Functions as the type of the error.
 */
export const house = <Input extends z.ZodType, Services extends object, Output>(
  step: Step<Input, Services, Output>,
  buildServices: () => Services | Promise<Services>,
  /** What a step that ran out of time fails with. */
  { tooLate = 'STEP_TIMED_OUT' }: { readonly tooLate?: ErrorCode } = {},
): ((event: unknown, invocation?: Invocation) => Promise<Output>) => {
  const services = once(buildServices);
  return (event, invocation) =>
    beforeLambdaEnds(invocation, tooLate, async (deadline) =>
      runStep(step, event, { ...(await services()), ...deadline }),
    );
};
