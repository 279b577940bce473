import { createHmac, timingSafeEqual } from 'node:crypto';
import { MillraceError } from '../../wire/errors.ts';

/** The query of a link to an approval page. It opens the page and nothing else: deciding takes a POST from there. */
export interface ApprovalLink {
  readonly approvalId: string;
  /** Seconds since the epoch, rounded up: whole seconds keep the link short. */
  readonly expires: number;
  /** HMAC-SHA256, base64url. */
  readonly signature: string;
}

// The prefix keeps a signature made for an approval from being accepted anywhere else the secret is used.
const signatureOf = (approvalId: string, expires: number, secret: string) =>
  createHmac('sha256', secret).update(`millrace-approval\n${approvalId}\n${expires}`).digest();

/** `expiresAt` is ISO 8601 UTC; `secret` has at least 256 bits of chance in it. */
export const signApprovalLink = (request: {
  readonly approvalId: string;
  readonly expiresAt: string;
  readonly secret: string;
}): ApprovalLink => {
  const expires = Math.ceil(Date.parse(request.expiresAt) / 1000);
  const signature = signatureOf(request.approvalId, expires, request.secret).toString('base64url');
  return { approvalId: request.approvalId, expires, signature };
};

/**
 * Throws APPROVAL_LINK_INVALID for a link that was not signed with this secret, or was changed, and APPROVAL_EXPIRED
 * for a genuine one that is too old. Takes as long for a wrong signature as for a right one.
 */
export const verifyApprovalLink = (request: {
  readonly link: ApprovalLink;
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): void => {
  const { approvalId, expires, signature } = request.link;
  const expected = signatureOf(approvalId, expires, request.secret);
  const given = Buffer.from(signature, 'base64url');
  // Decoding forgives stray characters: only the one spelling that signing writes is a signature.
  const isSpelledRight = given.toString('base64url') === signature;
  if (!isSpelledRight || given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new MillraceError(
      'APPROVAL_LINK_INVALID',
      `the link to approval ${approvalId} does not carry our signature`,
      { approvalId },
    );
  if (request.now >= expires * 1000)
    throw new MillraceError(
      'APPROVAL_EXPIRED',
      `the link to approval ${approvalId} expired at ${new Date(expires * 1000).toISOString()}`,
      { approvalId },
    );
};
