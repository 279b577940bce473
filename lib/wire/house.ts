import type * as z from 'zod';
import { MillraceError } from './errors.ts';

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

/** The house's Lambda entry: services are built once, at the first event of a cold start, never at import. */
export const house = <Input extends z.ZodType, Services, Output>(
  step: Step<Input, Services, Output>,
  buildServices: () => Services | Promise<Services>,
): ((event: unknown) => Promise<Output>) => {
  const services = once(buildServices);
  return async (event) => runStep(step, event, await services());
};
