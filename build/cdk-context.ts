import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { MillraceError } from '../lib/wire/errors.ts';
import { Settings } from '../lib/wire/settings.ts';

/** What `-c key=value` gives, in each of the spellings the CDK's command line takes. */
export const contextIn = (given: readonly string[]): ReadonlyMap<string, string> => {
  const pairs = given.flatMap((word, at) => {
    if (word === '-c' || word === '--context') return given[at + 1] ?? [];
    return /^(?:-c|--context=)(.+)$/.exec(word)?.[1] ?? [];
  });
  return new Map(
    pairs.map((pair) => {
      const [key = '', ...value] = pair.split('=');
      return [key, value.join('=')];
    }),
  );
};

/** The CDK's own keys hold a colon, a slash or a dash: `aws:cdk:…`, `@aws-cdk/…`, `availability-zones…`. */
const isOfCdk = (key: string): boolean => /[:/-]/.test(key);

/**
 * Refuses a key that is nobody's: `-c Stage=prod` would deploy dev without a word. Throws SETTINGS_INVALID.
 */
export const requireKnownKeys = (context: ReadonlyMap<string, string>): void => {
  const known = Object.keys(Settings.shape).filter((key) => key !== '$schema');
  const stray = [...context.keys()].filter((key) => !isOfCdk(key) && !known.includes(key));
  if (stray.length === 0) return;
  throw new MillraceError(
    'SETTINGS_INVALID',
    `-c ${stray.join(', -c ')} is no setting, expected one of ${known.join(', ')}`,
  );
};

/**
 * What a command may have failed for that the CDK says in its own words only; `undefined` where the environment names
 * credentials or a profile lies in the home folder, and where the command needs none.
 */
export const signInHint = (command: string | undefined, env: NodeJS.ProcessEnv): string | undefined => {
  const named = Object.keys(env).some((name) =>
    /^AWS_(?:ACCESS_KEY_ID|PROFILE|WEB_IDENTITY_TOKEN_FILE|CONTAINER_CREDENTIALS_\w+)$/.test(name),
  );
  if (named || existsSync(path.join(env.HOME ?? homedir(), '.aws')) || command === 'synth') return undefined;
  return `If no AWS account was found: sign in (\`aws sso login\`, AWS_PROFILE or the AWS_… variables), name the region with AWS_REGION,
and bootstrap it once (\`npx cdk bootstrap\`); docs/deploy.md starts there. Templates need no account: \`npm run synth\`.`;
};
