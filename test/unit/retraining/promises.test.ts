import { test } from 'vitest';
import { requirePromises } from './promises.ts';

test(
  'whatever happens: one run at a time, no cool-down or back-off broken, no budget overrun, no run on nothing new, no signal lost, every refusal written down',
  () => requirePromises(30),
  120_000,
);
