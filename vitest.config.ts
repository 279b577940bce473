import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

// Every test process, every thread that trains and every child that is killed loads the same modules.
process.env.NODE_COMPILE_CACHE ??= path.join(tmpdir(), 'millrace-test-compile-cache');

const ofTemplates = 'test/synth/**/*.test.ts';
/** Proofs that take their time: `npm run prove`. */
const proofs = 'test/**/*.proof.test.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    pool: 'forks',
    // Flow tests wait as much as they work: two share two cores well, where vitest alone would leave one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'loop',
          include: ['test/**/*.test.ts'],
          exclude: [ofTemplates, proofs, 'test/interop/**', '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'proofs', include: [proofs] } },
      {
        extends: true,
        // One process for all of them, after the others: the CDK is loaded once and each stage synthesised once. They only
        // look at templates, so that none is in the way of another.
        test: {
          name: 'templates',
          include: [ofTemplates],
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
