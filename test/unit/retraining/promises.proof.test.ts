import { test } from 'vitest';
import { requirePromises } from './promises.ts';

test(
  'whatever happens, in three hundred stories, the controller keeps what it promises',
  () => requirePromises(300),
  900_000,
);
