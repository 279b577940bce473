import type { Arrival } from '../lib/domain/registry/index.ts';

/** Whether an arrival is a mark that its batch is complete: `_SUCCESS`, or `<name>._SUCCESS`. */
export const isDoneMark = (arrival: Pick<Arrival, 'key'>): boolean => /(^|[/.])_SUCCESS$/.test(arrival.key);
