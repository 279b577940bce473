import { MillraceError } from '../wire/errors.ts';

const missing = /^(CredentialsProviderError|TokenProviderError)$/;
const expired = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const unknown =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure|IncompleteSignature)$/;
const unreachable = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
const denied = /^(AccessDenied|AccessDeniedException|AuthorizationError|UnauthorizedOperation|Forbidden)$/;

/** Only the SDK's own failures to connect: they carry `$metadata`, which those of our files and sockets do not. */
const isUnreachable = (error: Error): boolean =>
  '$metadata' in error && 'code' in error && unreachable.test(String(error.code));

/** What people can mend, in their words: credentials, permissions, the way to AWS. Everything else stays as it came. */
export const awsFault = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  const options = { cause: error };
  if (missing.test(name))
    return new MillraceError(
      'AWS_CREDENTIALS_MISSING',
      `no AWS credentials were found (${message})`,
      {},
      options,
    );
  if (/^Region is missing$/.test(message))
    return new MillraceError(
      'AWS_CREDENTIALS_MISSING',
      'no AWS region is named, expected --region or AWS_REGION',
      {},
      options,
    );
  if (expired.test(name))
    return new MillraceError(
      'AWS_CREDENTIALS_MISSING',
      `the AWS credentials have expired (${message})`,
      {},
      options,
    );
  if (unknown.test(name))
    return new MillraceError(
      'AWS_CREDENTIALS_MISSING',
      `AWS does not know these credentials (${message})`,
      {},
      options,
    );
  if (isUnreachable(error))
    return new MillraceError('AWS_UNREACHABLE', `AWS does not answer (${message})`, {}, options);
  if (denied.test(name))
    return new MillraceError('AWS_ACCESS_DENIED', `AWS refused: ${message}`, {}, options);
  return error;
};
