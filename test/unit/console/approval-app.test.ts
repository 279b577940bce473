import { describe, expect, it } from 'vitest';
import { answerHttpEvent } from '../../../lib/serving/lambda-http.ts';
import { HttpEvent } from '../../../lib/wire/events.ts';
import { desk, form, html } from './desk.ts';

const yes = { decision: 'approved', by: 'Ada', reason: 'better and calibrated' };

/** What an HTTP API makes of a browser's request. */
const event = (path: string, init: { method?: string; headers?: object; body?: string } = {}) => {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const { method = 'GET', headers = {}, body } = init;
  return HttpEvent.parse({
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { host: 'abc.execute-api.eu-central-1.amazonaws.com', ...headers },
    requestContext: { domainName: 'abc.execute-api.eu-central-1.amazonaws.com', http: { method } },
    ...(body !== undefined && { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }),
  });
};

describe('the page of an approval, come to by mail', () => {
  it('shows the evidence and the form, and leads to no page that is not there', async () => {
    const { approvals, path } = desk();

    const { statusCode, body, headers } = await answerHttpEvent(approvals, event(path, { headers: html }));

    const links = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link);
    expect(statusCode).toBe(200);
    expect(body).toContain('Should version 2 of flight-delay serve?');
    expect(links.filter((link) => !link.startsWith('data:') && !link.startsWith('/approvals/'))).toEqual([]);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });

  it('shows the report to whoever holds the link, confined as on a laptop, and to nobody else', async () => {
    const { approvals, path, address } = desk({ report: '<h1>All of it</h1>' });
    const query = path.slice(path.indexOf('?'));

    const report = await answerHttpEvent(approvals, event(`${address}/report${query}`));
    const stranger = await answerHttpEvent(approvals, event(`${address}/report`));

    expect(report.body).toBe('<h1>All of it</h1>');
    expect(report.headers['content-security-policy']).toContain('sandbox');
    expect(stranger.statusCode).toBe(403);
    expect(stranger.body).not.toContain('All of it');
  });

  it('takes the decision of its own form', async () => {
    const { approvals, address, link, decisions } = desk();

    const answer = await answerHttpEvent(approvals, event(address, form({ ...link, ...yes })));

    expect(answer.statusCode).toBe(303);
    expect(decisions).toMatchObject([{ approvalId: 'approval-7', decision: 'approved', by: 'Ada' }]);
  });

  it('refuses a form that a foreign page sends, whatever it knows', async () => {
    const { approvals, address, link, decisions } = desk();
    const { headers, ...rest } = form({ ...link, ...yes });

    const answer = await answerHttpEvent(
      approvals,
      event(address, { ...rest, headers: { ...headers, 'sec-fetch-site': 'cross-site' } }),
    );

    expect(answer.statusCode).toBe(403);
    expect(decisions).toEqual([]);
  });

  it('refuses a link that was changed', async () => {
    const { approvals, path } = desk();

    const answer = await answerHttpEvent(
      approvals,
      event(path.replace(/signature=.../, 'signature=AAA'), { headers: html }),
    );

    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('does not carry our signature');
  });

  it.each(['/', '/models', '/runs/run-7', '/models/flight-delay/versions/2/report'])(
    'has nothing at %s',
    async (path) => {
      const { approvals } = desk();

      const answer = await answerHttpEvent(approvals, event(path, { headers: html }));

      expect(answer.statusCode).toBe(404);
    },
  );
});
