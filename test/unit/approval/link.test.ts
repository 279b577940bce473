import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signApprovalLink, verifyApprovalLink } from '../../../lib/domain/approval/index.ts';

const secret = 'a-secret-of-256-bits';
const expiresAt = '2026-01-08T09:00:00.000Z';
const inTime = Date.parse(expiresAt) - 1;
const signed = () => signApprovalLink({ approvalId: 'run-1', expiresAt, secret });

const refusal = (name: string) => expect.objectContaining({ name });

describe('an approval link', () => {
  it('opens with the secret it was signed with', () => {
    expect(() => verifyApprovalLink({ link: signed(), secret, now: inTime })).not.toThrow();
  });

  it('is the known HMAC-SHA256 of its id and expiry', () => {
    // printf 'millrace-approval\nrun-1\n1767862800' | openssl dgst -sha256 -hmac a-secret-of-256-bits -binary | basenc --base64url
    expect(signed()).toEqual({
      approvalId: 'run-1',
      expires: 1767862800,
      signature: '9EEb6u9H162-K5sVtHGA9zaf48z4xkYNw3b1fkONOWU',
    });
  });

  it('stays shut once it has expired', () => {
    const late = () => verifyApprovalLink({ link: signed(), secret, now: inTime + 1 });

    expect(late).toThrow(refusal('APPROVAL_EXPIRED'));
    expect(late).toThrow('expired at 2026-01-08T09:00:00.000Z');
  });

  it('stays shut when another approval or a later expiry is put in', () => {
    const { signature, expires } = signed();
    const open = (approvalId: string, until: number) => () =>
      verifyApprovalLink({ link: { approvalId, expires: until, signature }, secret, now: inTime });

    expect(open('run-2', expires)).toThrow(refusal('APPROVAL_LINK_INVALID'));
    expect(open('run-1', expires + 1)).toThrow(refusal('APPROVAL_LINK_INVALID'));
    expect(open('run-1', expires)).not.toThrow();
  });

  it('stays shut for another secret', () => {
    const open = () => verifyApprovalLink({ link: signed(), secret: 'another', now: inTime });

    expect(open).toThrow(refusal('APPROVAL_LINK_INVALID'));
  });

  it('stays shut for any other signature, of any length', () => {
    const right = signed();
    const other = fc
      .oneof(fc.string(), fc.base64String(), fc.constantFrom(`${right.signature}=`, `${right.signature}!`))
      .filter((signature) => signature !== right.signature);

    fc.assert(
      fc.property(other, (signature) => {
        const open = () => verifyApprovalLink({ link: { ...right, signature }, secret, now: inTime });

        expect(open).toThrow(refusal('APPROVAL_LINK_INVALID'));
      }),
    );
  });
});
