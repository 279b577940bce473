import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { desk, form, html } from './desk.ts';

const yes = { decision: 'approved', by: 'Ada', reason: 'better and calibrated' };

describe('the approval page', () => {
  it('shows the question, the gates, the champion beside the challenger, the data and the form', async () => {
    const { app, path } = desk();

    const page = await (await app.request(path)).text();

    for (const text of [
      'Should version 2 of flight-delay serve?',
      'A gate could not be judged',
      'nobody knows',
      '0.7134',
      '0.7012',
      '115,203',
      'week 2 arrived',
      'name="reason" required',
      'value="approved"',
      '/models/flight-delay/versions/2/report',
    ])
      expect(page).toContain(text);
  });

  it('says so when another version has come to serve since this one was compared', async () => {
    const textOf = async (champion: number) => {
      const { app, path } = desk({ champion });
      return (await app.request(path)).text();
    };

    expect(await textOf(1)).not.toContain('serves by now');
    expect(await textOf(3)).toMatch(
      /Version 3 serves by now\.<\/strong> This one was compared with version 1/,
    );
  });

  it.each(['GET', 'HEAD'])('decides nothing on %s, whatever the address says', async (method) => {
    const { app, path, decisions } = desk();

    const response = await app.request(`${path}&decision=approved&by=scanner&reason=link`, { method });

    expect(response.status).toBe(200);
    expect(decisions).toEqual([]);
  });

  it('says so when the evidence cannot be read, and still lets a person reject', async () => {
    const { app, path } = desk({ metrics: '{"schemaVersion": 9}' });

    const page = await (await app.request(path)).text();

    expect(page).toContain('The evaluation cannot be read');
    expect(page).toContain('value="rejected"');
  });

  it('shows who decided and why instead of a form', async () => {
    const { app, path } = desk({
      approval: {
        status: 'rejected',
        decidedBy: 'Grace',
        reason: 'worse on weekends',
        decidedAt: '2026-11-21T11:30:00.000Z',
      },
    });

    const page = await (await app.request(path)).text();

    expect(page).toContain('Rejected by Grace');
    expect(page).toContain('worse on weekends');
    expect(page).not.toContain('<form');
  });

  it('shows an expired question without a form, though its link is genuine', async () => {
    const { app, path } = desk({ approval: { expiresAt: '2026-11-21T11:59:59.000Z' } });

    const response = await app.request(path);

    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('Nobody decided in time');
    expect(page).not.toContain('<form');
  });

  it.each([
    ['no signature', (address: string) => address],
    [
      'a changed expiry',
      (address: string, query: string) => `${address}?${query.replace(/expires=\d/, 'expires=9')}`,
    ],
    ['a changed signature', (address: string, query: string) => `${address}?${query.slice(0, -2)}`],
    ['another approval', (address: string, query: string) => `${address}8?${query}`],
    [
      'an expiry that is no number',
      (address: string, query: string) => `${address}?${query.replace(/expires=\d+/, 'expires=1e9')}`,
    ],
  ])('does not open with %s', async (_, change) => {
    const { app, path } = desk();
    const [address = '', query = ''] = path.split('?');

    const response = await app.request(change(address, query), { headers: html });

    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('Should version');
  });
});

describe('deciding', () => {
  it('takes a filled-in form, then shows the outcome under an address that is safe to reload', async () => {
    const { app, address, link, decisions } = desk();

    const response = await app.request(address, form({ ...link, ...yes, by: ' Ada ' }));
    const outcome = await (await app.request(response.headers.get('location') ?? '')).text();

    expect(response.status).toBe(303);
    expect(decisions).toEqual([
      { approvalId: 'approval-7', decision: 'approved', by: 'Ada', reason: 'better and calibrated' },
    ]);
    expect(outcome).toContain('Approved by Ada');
  });

  it('takes JSON from programs', async () => {
    const { app, address, link } = desk();

    const response = await app.request(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...link, expires: Number(link.expires), ...yes, decision: 'rejected' }),
    });

    expect(await response.json()).toMatchObject({ approval: { status: 'rejected', decidedBy: 'Ada' } });
  });

  it.each([
    ['a name', { ...yes, by: '  ' }, 'the name is empty'],
    ['a reason', { ...yes, reason: '' }, 'the reason is empty'],
    ['a decision', { ...yes, decision: 'maybe' }, 'expected approved or rejected'],
  ])('asks again for %s, and keeps what was typed', async (_, fields, message) => {
    const { app, address, link, decisions } = desk();

    const response = await app.request(address, form({ ...link, ...fields, by: fields.by.trim() }));

    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain(message);
    expect(page).toContain(fields.reason === '' ? 'value="Ada"' : 'better and calibrated');
    expect(decisions).toEqual([]);
  });

  it('shows the winner to whoever was second', async () => {
    const staged = desk({
      decide: async () => {
        staged.setApproval({
          status: 'rejected',
          decidedBy: 'Grace',
          reason: 'too slow',
          decidedAt: '2026-11-21T12:00:00.000Z',
        });
        throw new MillraceError('APPROVAL_DECIDED', 'approval approval-7 was rejected by Grace');
      },
    });

    const response = await staged.app.request(staged.address, form({ ...staged.link, ...yes }));

    const page = await response.text();
    expect(response.status).toBe(409);
    expect(page).toContain('Rejected by Grace');
    expect(page).toContain('Your decision was not taken');
  });

  it('tells a program who was second the same with 409', async () => {
    const staged = desk({
      decide: () => Promise.reject(new MillraceError('APPROVAL_DECIDED', 'it was rejected by Grace')),
    });

    const response = await staged.app.request(staged.address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...staged.link, ...yes }),
    });

    expect([response.status, await response.json()]).toMatchObject([
      409,
      { error: { code: 'APPROVAL_DECIDED' } },
    ]);
  });

  it('needs the signed values, also with everything else right', async () => {
    const { app, address, decisions } = desk();

    expect((await app.request(address, form(yes))).status).toBe(403);
    expect(decisions).toEqual([]);
  });

  it('takes no other kind of body', async () => {
    const { app, path, decisions } = desk();

    const response = await app.request(path, {
      method: 'POST',
      body: 'decision=approved',
      headers: { 'content-type': 'text/plain' },
    });

    expect(response.status).toBe(400);
    expect(decisions).toEqual([]);
  });

  it('is refused to a foreign page and to a name pointed at this machine', async () => {
    const { laptop, address, link, decisions } = desk();
    const send = (headers: Record<string, string>) => {
      const { method, body, headers: own } = form({ ...link, ...yes });
      return laptop().request(`http://localhost:8080${address}`, {
        method,
        body,
        headers: { ...own, host: 'localhost:8080', ...headers },
      });
    };

    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ host: 'rebound.example' })).status).toBe(403);
    expect(decisions).toEqual([]);
    expect((await send({})).status).toBe(303);
  });
});
