import { execFileSync } from 'node:child_process';
import { request } from 'node:https';
import path from 'node:path';
import { temporaryFolder } from '../../support/index.ts';
import { startServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { requireLoopback } from './loopback.ts';
import { ministack } from './parties.ts';

/** The account and region MiniStack gives to whoever comes without a twelve-digit key. */
export const account = '000000000000';
export const region = 'us-east-1';

export interface Ministack {
  readonly endpoint: string;
  readonly port: number;
  /** Where it writes; gone once it has stopped. */
  readonly folder: string;
  /** File of the certificate to trust. */
  readonly certificateFile: string;
  /** What a program needs to speak to it, and nothing of an account the caller may have. */
  readonly environment: NodeJS.ProcessEnv;
  /** The last of what it printed. */
  readonly log: () => string;
  /** Ends it with all its functions, and removes what they wrote. */
  stop(): Promise<void>;
}

/** A certificate for this machine: buckets refuse whoever comes without TLS, as they do in an account. */
const makeCertificate = (folder: string) => {
  const key = path.join(folder, 'server.key');
  const certificate = path.join(folder, 'server.crt');
  const names = 'subjectAltName=DNS:localhost,DNS:*.execute-api.localhost,IP:127.0.0.1';
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const files = [
    '-keyout',
    key,
    '-out',
    certificate,
    '-addext',
    names,
    '-addext',
    'basicConstraints=CA:FALSE',
  ];
  execFileSync('openssl', [...words, ...files], { stdio: 'ignore' });
  return { key, certificate };
};

/** Our own variables, less whatever speaks of AWS or of certificates. */
const bareEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(AWS_|CDK_|NODE_OPTIONS|NODE_COMPILE|VITEST|NODE_EXTRA_CA|SSL_CERT|.*_CA_BUNDLE)/u.test(name),
    ),
  );

/** Whether it is up, and holds every request against the policies. */
const answers = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  // Whom it is signed by does not matter yet.
  const options = { host: '127.0.0.1', port, path: '/_ministack/health', rejectUnauthorized: false };
  request(options, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    response.once('end', () => resolve(text.includes('"auth": "enabled"')));
  })
    .on('error', () => resolve(false))
    .end();
  return promise;
};

/**
 * Starts MiniStack on a free port of the loopback interface, with TLS, and with AUTH: then functions run as their
 * roles, and every request of theirs is held against the policies that were deployed. `functionEnvironment` reaches
 * every function besides its own variables.
 */
export const startMinistack = async (
  options: { readonly functionEnvironment?: Readonly<Record<string, string>> } = {},
): Promise<Ministack> => {
  if (ministack === undefined) throw new Error('MiniStack is not prepared: run `npm run test:interop`');
  const folder = temporaryFolder();
  const { key, certificate } = makeCertificate(folder.path);
  const port = await freePort();
  const endpoint = requireLoopback(`https://127.0.0.1:${port}`);
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const bare = bareEnvironment();
  const trusted = { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: certificate };
  const server = await startServer({
    program: ministack,
    words: [
      ...['-m', 'hypercorn', 'ministack.app:app', '--bind', `127.0.0.1:${port}`, '--keep-alive', '75'],
      ...['--certfile', certificate, '--keyfile', key],
    ],
    environment: {
      // Functions run whatever `node` is found first: the one that runs us.
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${bare.PATH}`,
      HOME: folder.path,
      TMPDIR: folder.path,
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      GATEWAY_PORT: `${port}`,
      MINISTACK_HOST: 'localhost',
      MINISTACK_REGION: region,
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: key,
      S3_DATA_DIR: path.join(folder.path, 's3'),
      STATE_DIR: path.join(folder.path, 'state'),
      USE_SSL: '1',
      AUTH: 'true',
      LAMBDA_EXECUTOR: 'local',
      // No containers, and none of the services that listen on ports of their own.
      DOCKER_HOST: 'unix:///nonexistent',
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      ...credentials,
      ...trusted,
      ...options.functionEnvironment,
    },
    folder: folder.path,
    removesFolder: true,
    isReady: () => answers(port),
    timeoutSeconds: 60,
  });
  return {
    endpoint,
    port,
    folder: folder.path,
    certificateFile: certificate,
    environment: {
      ...bare,
      ...credentials,
      ...trusted,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    log: server.log,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
};
