import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { outputNames, stackNameOf } from '../../../lib/wire/names.ts';
import { requireLoopback } from '../support/loopback.ts';
import { account, type Ministack, region } from '../support/ministack.ts';
import type { Clients } from './clients.ts';

export const root = path.resolve(import.meta.dirname, '../../..');

/** The settings of this stage are those of the repository; what differs is said on the command line. */
export const stage = 'dev';

/** Native libraries run on the machine of the test. */
const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

const cdk = path.join(root, 'node_modules/aws-cdk/bin/cdk');

/** A program of the repository, as a person would call it, with an environment that knows only this machine. */
export const runNode = async (
  ministack: Ministack,
  words: readonly string[],
  timeoutSeconds: number,
  options: { readonly folder?: string; readonly more?: NodeJS.ProcessEnv } = {},
): Promise<string> => {
  requireLoopback(ministack.environment.AWS_ENDPOINT_URL);
  const { folder = root, more = {} } = options;
  const binaries = path.dirname(process.execPath);
  const env = {
    ...ministack.environment,
    ...more,
    PATH: `${binaries}${path.delimiter}${ministack.environment.PATH}`,
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...words], {
      cwd: folder,
      env,
      timeout: timeoutSeconds * 1000,
      maxBuffer: 50e6,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const told = `${stdout.slice(-3000)}\n${stderr.slice(-3000)}`;
    throw new Error(`node ${words.join(' ')} failed: ${told}`, { cause: error });
  }
};

export const buildBundles = (ministack: Ministack): Promise<string> =>
  runNode(ministack, ['build/functions.ts', '--architecture', architecture], 120);

/** The stock `cdk bootstrap` of an empty account, outside of the repository: there it would want the bundles built. */
export const bootstrap = (ministack: Ministack): Promise<string> =>
  runNode(ministack, [cdk, 'bootstrap', `aws://${account}/${region}`], 60, { folder: tmpdir() });

export type Outputs = Readonly<Record<keyof typeof outputNames, string>>;

/** The stock `cdk deploy` of bin/app.ts, and what it says of where everything lies. */
export const deploy = async (ministack: Ministack, clients: Clients): Promise<Outputs> => {
  const settings = [
    `stage=${stage}`,
    `account=${account}`,
    `region=${region}`,
    `architecture=${architecture}`,
    // As often as the windows of the story are long.
    'monitorEveryHours=1',
  ];
  const context = settings.flatMap((setting) => ['-c', setting]);
  // A folder of its own: other cdk commands may be at work in the repository's cdk.out.
  const output = path.join(ministack.folder, 'cdk.out');
  const words = ['deploy', '--require-approval', 'never', '--output', output, ...context];
  await runNode(ministack, [cdk, ...words], 130);
  const { Stacks = [] } = await clients.cloudFormation.send(
    new DescribeStacksCommand({ StackName: stackNameOf(stage) }),
  );
  const found = new Map(Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const addressOf = (name: string) => found.get(name) ?? '';
  const outputs = Object.entries(outputNames).map(([key, name]) => [key, addressOf(name)]);
  return Object.fromEntries(outputs) as Outputs;
};
