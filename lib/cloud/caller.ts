import type { AwsCredentials } from './sign-request.ts';
import { signRequest } from './sign-request.ts';

export interface Caller {
  readonly account: string;
  /** `arn:aws:sts::…:assumed-role/<role>/<session>` or `arn:aws:iam::…:user/<name>`. */
  readonly arn: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const stsUrl = (region: string, env: Environment): string =>
  env.AWS_ENDPOINT_URL_STS ??
  env.AWS_ENDPOINT_URL ??
  `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

/** Whose credentials these are. It needs no permission; `undefined` when STS does not answer within five seconds. */
export const findCaller = async (options: {
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly env: Environment;
  readonly now: number;
}): Promise<Caller | undefined> => {
  const { region, credentials, env, now } = options;
  const url = new URL('/?Action=GetCallerIdentity&Version=2011-06-15', stsUrl(region, env));
  const headers = signRequest({ method: 'GET', url, service: 'sts', region, credentials, now });
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5000) });
    const text = await answer.text();
    const arn = /<Arn>([^<]+)<\/Arn>/.exec(text)?.[1];
    const account = /<Account>(\d+)<\/Account>/.exec(text)?.[1];
    return arn === undefined || account === undefined ? undefined : { arn, account };
  } catch {
    return undefined;
  }
};
