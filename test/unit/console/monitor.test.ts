import { describe, expect, it } from 'vitest';
import { objectKeys } from '../../../lib/wire/object-keys.ts';
import { gapOn, month, realisedOn, windowOn } from '../drift-report/story.ts';
import { desk, html } from './desk.ts';

const judged = windowOn(27);
const key = objectKeys.window('flight-delay', judged.windowEnd, 'drift.html');
const watched = {
  windows: [gapOn(28, 'carried', 310), judged, windowOn(26)],
  realised: [realisedOn(26)],
  decided: month().decisions,
  driftPages: { [key]: '<h1>Drift</h1>' },
};

const pageOf = async (app: ReturnType<typeof desk>['app'], path: string) =>
  (await app.request(path, { headers: html })).text();

describe('the page of a model', () => {
  it('shows the latest window, what labels say, the latest decisions, and leads to the drift report', async () => {
    const page = await pageOf(desk(watched).app, '/models/flight-delay');

    expect(page).toContain(
      'The window until 2026-04-30 00:00 UTC had too few rows, which join the next: 310 rows',
    );
    expect(page).toContain('Quality by labels');
    expect(page).toContain(
      '<a href="/models/flight-delay/drift" target="_blank" rel="noopener">Drift report until 2026-04-29 00:00 UTC</a>',
    );
    expect(page).toContain('<a href="/runs/retrain-9c1f00aa12-2-x">run</a>');
    expect(page).toContain('three retrainings in the last seven days');
  });

  it('says nothing of a monitor that has not looked yet', async () => {
    expect(await pageOf(desk().app, '/models/flight-delay')).not.toContain('<h2>Monitor</h2>');
  });

  it('lets no reason become markup', async () => {
    const bait = '<img src=x onerror=alert(1)>';
    const window = windowOn(27, { lanes: [{ lane: 'drift', score: 2, because: bait }] });
    const decided = month().decisions.map((one) => ({ ...one, because: [bait], runId: bait }));
    const page = await pageOf(desk({ windows: [window], decided }).app, '/models/flight-delay');

    expect(page).not.toContain('<img');
  });
});

describe('the drift report on the console', () => {
  it.each(['/models/flight-delay/drift', `/models/flight-delay/windows/${judged.windowEnd}/drift`])(
    'is the one that was kept, confined: %s',
    async (path) => {
      const response = await desk(watched).app.request(path);

      expect(await response.text()).toBe('<h1>Drift</h1>');
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
    },
  );

  it.each([
    '/models/flight-delay/windows/2026-04-28T00:00:00.000Z/drift',
    '/models/flight-delay/windows/..%2F..%2Fmodels%2Fmillrace.db/drift',
    '/models/flight-delay/windows/2026-04-30T000000.000Z/drift',
    '/models/..%2Fsecret/windows/x/drift',
  ])('is of windows that were recorded, and nothing else: %s', async (path) => {
    const response = await desk(watched).app.request(path, { headers: html });

    expect(response.status).toBe(404);
  });

  it('opens with the signed link of an approval, where that is all there is', async () => {
    const { approvals, path, address } = desk(watched);
    const page = await pageOf(approvals, path);
    const link = /href="(\/approvals\/[^"]+\/drift\?[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';

    expect(page).toContain('drift report until 2026-04-29 00:00 UTC');
    expect(await pageOf(approvals, link)).toBe('<h1>Drift</h1>');
    expect((await approvals.request(`${address}/drift?expires=1&signature=x`)).status).toBe(403);
  });

  it('has no link on the page of an approval before any window was judged', async () => {
    expect(await pageOf(desk({ windows: [gapOn(1, 'empty', 0)] }).app, desk().path)).not.toContain(
      'drift report',
    );
  });
});
