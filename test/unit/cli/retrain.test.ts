import { describe, expect, it } from 'vitest';
import type { RetrainRequest } from '../../../lib/cli/surroundings.ts';
import { WindowRecord } from '../../../lib/domain/drift/index.ts';
import { withFlights } from './keyboard.ts';

const model = 'flight-delay';

const window = (changes: object = {}) =>
  WindowRecord.parse({
    model,
    windowStart: '2026-11-20T00:00:00.000Z',
    windowEnd: '2026-11-21T00:00:00.000Z',
    from: '2026-11-20T00:00:00.000Z',
    windows: 1,
    version: 3,
    rows: 12_000,
    outcome: 'judged',
    requiredRows: 500,
    lanes: [
      { lane: 'data-quality', score: 0.2, because: 'fine' },
      { lane: 'drift', score: 1.52, because: 'moved' },
    ],
    columns: [
      {
        name: 'distance',
        of: 'feature',
        score: 1.52,
        movedShare: 0.17,
        psi: 0.2,
        missingShare: 0,
        missingShareBefore: 0,
        outsideShare: 0,
      },
    ],
    skippedFiles: [],
    skippedFileCount: 0,
    skippedLines: 0,
    judgedAt: '2026-11-21T00:20:00.000Z',
    ...changes,
  });

describe('millrace drift', () => {
  it('shows window by window what moved', async () => {
    const typed = await withFlights();
    await typed.registry.recordWindow(window());

    const { out } = await typed.type('drift', model);

    expect(out).toMatchInlineSnapshot(`
      "WINDOW UNTIL          VERSION  ROWS    OUTCOME  DRIFT  DATA QUALITY  MOVED MOST
      2026-11-21 00:00 UTC  3        12,000  judged   1.52   0.2           distance 1.52 (17 %)

      1 is the limit of every score; in brackets the share of the traffic that moved.
      "
    `);
  });

  it('says when there will be something to see', async () => {
    const typed = await withFlights();

    expect((await typed.type('drift', model)).out).toContain('20 minutes after its end');
    expect((await typed.type('drift', 'unknown')).exitCode).toBe(4);
  });
});

describe('millrace decisions', () => {
  it('shows every refusal once, with how often it was repeated', async () => {
    const typed = await withFlights();
    const refusal = {
      model,
      decision: 'wait' as const,
      because: ['run run-7 has not ended'],
      signals: ['drift-v3'],
    };
    await typed.registry.noteDecision(refusal);
    await typed.registry.noteDecision(refusal);

    const { out } = await typed.type('decisions', model);

    expect(out).toMatchInlineSnapshot(`
      "WHEN                  DECISION  BECAUSE                  AGAIN
      2026-11-21 12:00 UTC  wait      run run-7 has not ended  2 times, last 2026-11-21 12:00 UTC
      "
    `);
  });
});

describe('millrace retrain', () => {
  it('asks under the name of who asks, and says what is done about it', async () => {
    const asked: RetrainRequest[] = [];
    const typed = await withFlights({
      retrain: async (_place, request) => {
        asked.push(request);
        return { decision: 'wait', because: ['run run-7 has not ended'] };
      },
    });

    const { out, exitCode } = await typed.type('retrain', model, '--why', 'new timetable');

    expect(asked).toEqual([{ model, why: 'new timetable', by: 'ada' }]);
    expect(out).toBe(
      'Not now: run run-7 has not ended. The request is kept, and answered when that is over.\n',
    );
    expect(exitCode).toBe(0);
  });
});

describe('millrace pause', () => {
  it('holds retraining and lets it go on, each on record', async () => {
    const typed = await withFlights();

    const paused = await typed.type('pause', model, '--reason', 'sensors are replaced');
    const resumed = await typed.type('pause', model, '--reason', 'done', '--resume');

    expect(paused.out).toContain('is paused since');
    expect(resumed.out).toBe('Retraining of flight-delay goes on.\n');
    const audit = await typed.registry.listAudit({ model });
    expect(audit.slice(0, 2).map(({ action, why }) => [action, why])).toEqual([
      ['retraining-resumed', 'done'],
      ['retraining-paused', 'sensors are replaced'],
    ]);
  });
});
