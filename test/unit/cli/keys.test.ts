import { describe, expect, it } from 'vitest';
import { keyboard, withFlights } from './keyboard.ts';

describe('millrace keys', () => {
  it('makes a key, shows it once, and lists it without its secret', async () => {
    const typed = await withFlights();

    const made = await typed.type(
      ...['keys', 'create', '--name', 'web-shop', '--scope', 'predict', '--scope', 'label'],
      ...['--model', 'flight-delay', '--expires', '90d'],
    );
    const listed = await typed.type('keys', 'list');

    expect(made.out).toMatchInlineSnapshot(`
      "Key      mr_id-2_SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS
      Id       id-2
      Name     web-shop
      Scope    predict, label
      Models   flight-delay
      Expires  2027-02-19 12:00 UTC

      Keep it now: it is not shown again. Callers send it as "Authorization: Bearer <key>" or "x-api-key: <key>".
      "
    `);
    expect(listed.out).toMatchInlineSnapshot(`
      "NAME      STATE   SCOPE           MODELS        MADE      BY   EXPIRES               ID
      web-shop  active  predict, label  flight-delay  just now  ada  2027-02-19 12:00 UTC  id-2
      "
    `);
    expect(listed.out).not.toContain('SSS');
  });

  it('gives programs the key as data, once, and never its hash', async () => {
    const typed = await withFlights();

    const made = await typed.type('keys', 'create', '--name', 'ci', '--scope', 'admin', '--json');
    const listed = await typed.type('keys', 'list', '--json');

    expect(JSON.parse(made.out)).toMatchObject({
      key: expect.stringMatching(/^mr_.+_S{43}$/),
      name: 'ci',
      scopes: ['admin'],
    });
    expect(JSON.parse(listed.out)).toMatchObject({ keys: [{ name: 'ci', state: 'active' }] });
    expect(made.out + listed.out).not.toContain('Sha256');
  });

  it('revokes with a reason, which is kept', async () => {
    const typed = await withFlights();
    const made = await typed.type('keys', 'create', '--name', 'ci', '--scope', 'predict', '--json');
    const { keyId } = JSON.parse(made.out);

    const { out } = await typed.type('keys', 'revoke', keyId, '--reason', 'it leaked');

    expect(out).toMatch(/^The key "ci" is revoked, since 2026-11-21 .* by ada: it leaked\n$/);
    expect((await typed.type('keys', 'list')).out).toMatch(/ci +revoked/);
    expect(await typed.registry.listAudit()).toMatchObject([
      { action: 'api-key-revoked', by: 'ada', why: 'it leaked' },
      { action: 'api-key-created', by: 'ada' },
      { action: 'spec-applied' },
    ]);
  });

  it.each([
    [2, 'a scope that is none', ['create', '--name', 'x', '--scope', 'read'], 'expected one of predict'],
    [
      2,
      'a time that is none',
      ['create', '--name', 'x', '--scope', 'predict', '--expires', 'soon'],
      '12h or 90d',
    ],
    [2, 'no name', ['create', '--scope', 'predict'], '--name'],
    [2, 'no reason to revoke', ['revoke', 'id'], '--reason'],
    [
      4,
      'a model that is not there',
      ['create', '--name', 'x', '--scope', 'predict', '--model', 'trains'],
      'trains',
    ],
    [4, 'a key that is not there', ['revoke', 'id', '--reason', 'lost'], 'millrace keys list'],
  ] as const)('ends with %i on %s', async (exitCode, _, argv, told) => {
    const typed = await withFlights();

    expect(await typed.type('keys', ...argv)).toMatchObject({
      exitCode,
      out: '',
      err: expect.stringContaining(told),
    });
    expect(await typed.registry.listApiKeys()).toEqual([]);
  });

  it('tells a newcomer how to make the first', async () => {
    expect((await keyboard().type('keys', 'list')).out).toContain('millrace keys create');
  });
});
