import { test } from 'vitest';
import { requirePromises } from './promises.ts';

test(
  'whatever happens, in six hundred stories, the controller keeps what it promises',
  () => requirePromises(2000),
  900_000,
);
