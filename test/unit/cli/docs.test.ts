import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../lib/cli/exit-codes.ts';
import { machine } from '../../../lib/cli/machine.ts';
import { buildProgram } from '../../../lib/cli/program.ts';
import { predictionMetrics } from '../../../lib/domain/prediction/index.ts';
import { statusOf } from '../../../lib/serving/http-errors.ts';

const read = (name: string) => readFileSync(path.resolve(import.meta.dirname, '../../../docs', name), 'utf8');

describe('docs/cli.md', () => {
  const page = read('cli.md');

  it.each(buildProgram(machine()).commands.map((command) => command.name()))(
    'names the command %s',
    (name) => {
      expect(page).toMatch(new RegExp(`\`${name}[ \`]`));
    },
  );

  it('names every exit code', () => {
    const numbers = [...page.matchAll(/^\| (\d) \|/gm)].map(([, number]) => Number(number));

    expect(numbers).toEqual(Object.values(exitCodes));
  });
});

describe('docs/http-api.md', () => {
  const page = read('http-api.md');

  it('names every error a caller can see, beside its status', () => {
    for (const [code, status] of Object.entries(statusOf)) {
      const line = page
        .split('\n')
        .find((one) => one.startsWith(`| ${status} |`) && one.includes(`\`${code}\``));
      expect(line, `${status} ${code}`).toBeDefined();
    }
  });

  it('names every metric', () => {
    for (const name of Object.values(predictionMetrics)) expect(page).toContain(`\`${name}\``);
  });
});
