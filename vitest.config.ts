import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

// Every test process, every thread that trains and every child that is killed loads the same modules.
process.env.NODE_COMPILE_CACHE ??= path.join(tmpdir(), 'millrace-test-compile-cache');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/interop/**', '**/node_modules/**'],
    testTimeout: 30_000,
    pool: 'forks',
    // Flow tests wait as much as they work: two share two cores well, where vitest alone would leave one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
