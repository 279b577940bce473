/** The same windows, looked at by Evidently, NannyML and us, each by its defaults: whose alarms are false, and who finds what. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { askPython } from './support/ask-python.ts';
import { alarmsOf, judgeRun } from './support/monitor-side.ts';
import { monitorStories } from './support/monitor-stories.ts';
import { monitors } from './support/parties.ts';

const Judged = z.object({
  evidently: z.array(z.object({ columns: z.number(), dataset: z.boolean() })),
  nannyml: z.array(z.number()),
  preset: z.object({ gap: z.number(), columns: z.number(), alone: z.number() }).nullable(),
});
type Judged = z.infer<typeof Judged>;

const count = <T>(values: readonly T[], isCounted: (value: T) => boolean): number =>
  values.filter(isCounted).length;

describe.skipIf(monitors === undefined)(
  'the same windows, looked at by three monitors',
  { timeout: 240_000 },
  () => {
    const stories = monitorStories();
    const ours = stories.map((story) => story.runs.map((run) => judgeRun(story, run)));
    let theirs: Judged[][];

    beforeAll(() => {
      const nameOf = (story: number, run: number) => `story-${story}-${run}`;
      theirs = askPython({
        program: monitors,
        timeoutSeconds: 240,
        script: 'monitor_drift',
        question: {
          stories: stories.map(({ referenceRows, windowRows, runs }, story) => ({
            ...{ referenceRows, windowRows },
            runs: runs.map(({ columns }, run) => ({
              matrix: nameOf(story, run),
              columns: columns.map(({ name, values }) => ({ name, values: values ?? null })),
            })),
          })),
        },
        matrices: Object.fromEntries(
          stories.flatMap(({ runs }, story) =>
            runs.map(({ columns, cells }, run) => [
              nameOf(story, run),
              { rows: cells.length / columns.length, values: cells },
            ]),
          ),
        ),
        answer: z.array(z.array(Judged)),
      });
    }, 260_000);

    const shown = (found: number, of: number) => `${found} of ${of}`;

    /** One line of the table in docs/benchmarks.md. */
    const lineOf = (at: number): string => {
      const { name, windowRows } = stories[at] as (typeof stories)[number];
      const peers = theirs[at] ?? [];
      const evidently = peers.flatMap((run) => run.evidently);
      const nannyml = peers.flatMap((run) => run.nannyml);
      const mine = (ours[at] ?? []).flat();
      const alarms = (ours[at] ?? []).map((run) =>
        alarmsOf(
          run.map(({ drift }) => drift),
          'drift',
        ),
      );
      const cells = [
        name,
        windowRows.toLocaleString('en'),
        shown(
          count(evidently, ({ columns }) => columns > 0),
          evidently.length,
        ),
        shown(
          count(evidently, ({ dataset }) => dataset),
          evidently.length,
        ),
        shown(
          count(nannyml, (columns) => columns > 0),
          nannyml.length,
        ),
        shown(
          count(mine, ({ drift }) => drift >= 1),
          mine.length,
        ),
        shown(
          count(alarms, (rung) => rung > 0),
          alarms.length,
        ),
      ];
      return `| ${cells.join(' | ')} |`;
    };

    it('asks of Evidently what its preset asks, to the last digit', () => {
      const presets = theirs.flat().flatMap(({ preset }) => preset ?? []);

      expect(presets.length).toBeGreaterThanOrEqual(4);
      for (const { gap, columns, alone } of presets) {
        expect(gap).toBeLessThan(1e-12);
        expect(columns).toBe(alone);
      }
    });

    it.each(stories.flatMap(({ isStill, ...story }, at) => (isStill ? [{ ...story, at }] : [])))(
      'rings no alarm of ours: $name, windows of $windowRows',
      ({ at }) => {
        for (const run of ours[at] ?? []) {
          expect(Math.max(...run.map(({ drift }) => drift))).toBeLessThan(1);
          expect(Math.max(...run.map(({ dataQuality }) => dataQuality))).toBeLessThan(1);
        }
      },
    );

    it('finds half a standard deviation, and half as much spread again, in every window', () => {
      const found = stories.flatMap(({ name }, at) =>
        /by \+0\.5 sd|by sd × 1\.5/u.test(name) ? (ours[at] ?? []).flat().map(({ drift }) => drift) : [],
      );

      expect(found.length).toBe(120);
      expect(Math.min(...found)).toBeGreaterThanOrEqual(1);
    });

    it('prints what each of them found, as docs/benchmarks.md has it', () => {
      const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');
      const lines = stories.map((_, at) => lineOf(at));
      console.log(lines.join('\n'));

      for (const line of lines) expect(page.includes(line), line).toBe(true);
    });
  },
);
