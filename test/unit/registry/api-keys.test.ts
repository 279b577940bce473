import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { failingRecords } from './support/failing-records.ts';
import { freshRegistry, recordsInMemory, secondRegistry } from './support/fresh-registry.ts';

const shop = { name: 'web-shop', scopes: ['predict'], by: 'Ada' } as const;

describe('an API key', () => {
  it('is shown once: nothing that is kept or listed holds its secret', async () => {
    const { registry, records } = freshRegistry();

    const { text, apiKey } = await registry.createApiKey({ ...shop, models: ['penguins'] });

    const secret = text.slice(-43);
    const kept = await records.query({ partition: 'api-keys' });
    const shown = JSON.stringify([kept, apiKey, await registry.listApiKeys(), await registry.listAudit()]);
    expect(text).toBe(`mr_${apiKey.keyId}_${secret}`);
    expect(shown).toContain(apiKey.secretSha256);
    expect(shown).not.toContain(secret);
  });

  it('is found by its id, and by no other', async () => {
    const { registry } = freshRegistry();
    const { apiKey } = await registry.createApiKey(shop);
    await registry.createApiKey({ ...shop, name: 'another' });

    expect(await registry.findApiKey(apiKey.keyId)).toEqual(apiKey);
    expect(await registry.findApiKey('nobody')).toBeUndefined();
    expect((await registry.listApiKeys()).map(({ name }) => name)).toEqual(['web-shop', 'another']);
  });

  it('is made and revoked on the record, with who and why', async () => {
    const { registry } = freshRegistry();
    const { apiKey } = await registry.createApiKey({ ...shop, why: 'the shop goes live' });

    await registry.revokeApiKey({ keyId: apiKey.keyId, by: 'Bob', why: 'it leaked' });

    expect(await registry.listAudit()).toMatchObject([
      {
        action: 'api-key-revoked',
        by: 'Bob',
        why: 'it leaked',
        model: '*',
        details: { keyId: apiKey.keyId },
      },
      { action: 'api-key-created', by: 'Ada', why: 'the shop goes live', details: { scopes: ['predict'] } },
    ]);
    expect(await registry.findApiKey(apiKey.keyId)).toMatchObject({
      revokedBy: 'Bob',
      revokedWhy: 'it leaked',
    });
  });

  it('of one model is in the audit of that model', async () => {
    const { registry } = freshRegistry();

    await registry.createApiKey({ ...shop, models: ['penguins', 'penguins'] });

    expect(await registry.listAudit({ model: 'penguins' })).toMatchObject([{ action: 'api-key-created' }]);
  });

  it('stays revoked as it was the first time', async () => {
    const { registry } = freshRegistry();
    const { apiKey } = await registry.createApiKey(shop);
    const first = await registry.revokeApiKey({ keyId: apiKey.keyId, by: 'Bob', why: 'it leaked' });

    expect(await registry.revokeApiKey({ keyId: apiKey.keyId, by: 'Eve', why: 'again' })).toEqual(first);
    expect(await registry.listAudit()).toHaveLength(2);
  });

  it('that is not there cannot be revoked', async () => {
    const { registry } = freshRegistry();

    await expect(registry.revokeApiKey({ keyId: 'nobody', by: 'Bob', why: '-' })).rejects.toMatchObject(
      new MillraceError('API_KEY_UNKNOWN', 'there is no API key with the id "nobody"'),
    );
  });

  it('ends at the moment it was given, in whatever zone that was told', async () => {
    const { registry } = freshRegistry();

    const { apiKey } = await registry.createApiKey({ ...shop, expiresAt: '2099-01-01T14:00:00+14:00' });

    expect(apiKey.expiresAt).toBe('2099-01-01T00:00:00.000Z');
  });

  it.each([
    ['no name', { name: '  ' }, /name/],
    ['no scope', { scopes: [] }, /scopes/],
    ['a model that can have no such name', { models: ['Not a Model'] }, /models\.0/],
    [
      'an end before its beginning',
      { expiresAt: '2020-01-01T00:00:00.000Z' },
      /expiresAt: expected a moment after/,
    ],
    ['an end that is no moment', { expiresAt: 'tomorrow' }, /expiresAt: expected a moment such as/],
    ['an end without a zone', { expiresAt: '2099-01-01T00:00:00' }, /expiresAt: expected a moment such as/],
  ])('with %s is refused, and leaves nothing behind', async (_, wrong, expected) => {
    const { registry } = freshRegistry();

    const making = registry.createApiKey({ ...shop, ...wrong });

    await expect(making).rejects.toMatchObject({
      name: 'INPUT_INVALID',
      message: expect.stringMatching(expected),
    });
    expect(await registry.listApiKeys()).toEqual([]);
    expect(await registry.listAudit()).toEqual([]);
  });

  it('is never revoked without its line in the audit, wherever the power fails', async () => {
    for (const moment of ['before', 'after'] as const) {
      const first = freshRegistry({ records: recordsInMemory() });
      const { apiKey } = await first.registry.createApiKey(shop);
      const failing = failingRecords(first.records, 1, moment);
      const revoke = { keyId: apiKey.keyId, by: 'Bob', why: 'it leaked' };
      await expect(secondRegistry(first, failing.records).revokeApiKey(revoke)).rejects.toThrow();

      await first.registry.revokeApiKey(revoke);

      const audit = await first.registry.listAudit();
      expect(
        audit.map(({ action }) => action),
        moment,
      ).toEqual(['api-key-revoked', 'api-key-created']);
    }
  });
});
