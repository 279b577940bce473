import * as z from 'zod';

/** Reasons from a state machine: JSONata hands over a list of one as its only member now and then, so both are taken. */
export const Reasons = z.union([z.array(z.string()), z.string().transform((reason) => [reason])]);
