import { describe, expect, it } from 'vitest';
import type { RetrainRequest } from '../../../lib/cli/surroundings.ts';
import { withFlights } from './keyboard.ts';

const model = 'flight-delay';

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

describe('millrace decisions on a home with a server', () => {
  it('leads to the page of the run', async () => {
    const typed = await withFlights({ env: { MILLRACE_URL: 'http://localhost:8080' } });
    const { registry } = typed;
    await registry.takeLease({
      lease: {
        model,
        runId: 'retrain-7/a',
        batchId: 'b',
        specRevision: 1,
        trigger: { kind: 'drift', by: 'controller', why: 'the drift alarm rings' },
      },
      before: undefined,
      because: ['the drift alarm rings'],
      answers: [],
    });

    expect((await typed.type('decisions', model)).out).toContain(
      'the drift alarm rings → http://localhost:8080/runs/retrain-7%2Fa',
    );
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
