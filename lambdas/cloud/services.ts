import { cloudwatchAlarmBook } from '../../lib/adapters/aws/cloudwatch-alarm-book.ts';
import { cloudwatchMetricSink } from '../../lib/adapters/aws/cloudwatch-metric-sink.ts';
import { dynamodbRecordStore } from '../../lib/adapters/aws/dynamodb-record-store.ts';
import { embeddedMetricWriter } from '../../lib/adapters/aws/embedded-metrics.ts';
import { firehoseCaptureSink } from '../../lib/adapters/aws/firehose-capture-sink.ts';
import { cloudObjectStore } from '../../lib/adapters/aws/objects-by-prefix.ts';
import { snsNotifier } from '../../lib/adapters/aws/sns-notifier.ts';
import { readStageSecret } from '../../lib/adapters/aws/ssm-secret.ts';
import { stepFunctionsWorkflow } from '../../lib/adapters/aws/step-functions-workflow.ts';
import { systemClock } from '../../lib/adapters/local/system-clock.ts';
import { systemIds } from '../../lib/adapters/local/system-ids.ts';
import { signApprovalLink } from '../../lib/domain/approval/index.ts';
import type { CaptureSink } from '../../lib/ports/capture-sink.ts';
import type { RecordStore } from '../../lib/ports/record-store.ts';
import { type Registry, registry } from '../../lib/registry/index.ts';
import { type Environment, findVariable, readVariable } from '../../lib/wire/environment.ts';
import { MillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';

// One function a service: an entry names what its step needs, and the bundler leaves out the SDK clients of the rest.
// Each throws ENVIRONMENT_INCOMPLETE, naming the variable.

export { systemClock as cloudClock };

export const cloudIds = () => systemIds({ clock: systemClock });

export const cloudObjects = (environment: Environment): Services['objects'] =>
  cloudObjectStore({
    dataBucket: readVariable(environment, 'dataBucket'),
    artifactBucket: readVariable(environment, 'artifactBucket'),
    captureBucket: readVariable(environment, 'captureBucket'),
  });

/** Made once an entry, so that registry and notifier share one client. */
export const cloudRecords = (environment: Environment): RecordStore =>
  dynamodbRecordStore({ table: readVariable(environment, 'table') });

export const cloudRegistry = (records: RecordStore): Registry =>
  registry({ records, clock: systemClock, ids: cloudIds() });

export const cloudWorkflow = (environment: Environment): Services['workflow'] =>
  stepFunctionsWorkflow({ machineArnPrefix: readVariable(environment, 'machineArnPrefix') });

export const cloudNotifier = (environment: Environment, records: RecordStore): Services['notifier'] =>
  snsNotifier({ topicArn: readVariable(environment, 'topicArn'), records, clock: systemClock });

export const cloudMetrics = (environment: Environment): Services['metrics'] =>
  cloudwatchMetricSink({ stage: readVariable(environment, 'stage') });

/** Metrics that are only written, as lines of the log: without the client that reads them back. */
export const cloudMetricWriter = (environment: Environment): Pick<Services['metrics'], 'put'> =>
  embeddedMetricWriter(readVariable(environment, 'stage'));

/** Where predictions are kept, and what counts those that could not be. */
export const cloudCapture = (environment: Environment): CaptureSink =>
  firehoseCaptureSink({ stream: readVariable(environment, 'captureStream') });

export const cloudAlarms = (environment: Environment): Services['alarms'] =>
  cloudwatchAlarmBook({
    stage: readVariable(environment, 'stage'),
    topicArn: readVariable(environment, 'topicArn'),
  });

/** Signs approval links and hashes sensitive columns; made by whoever needs it first. */
export const cloudSecret = (environment: Environment): Promise<string> =>
  readStageSecret({
    parameter: readVariable(environment, 'secretParameter'),
    stage: readVariable(environment, 'stage'),
  });

/** Links to the page of an approval; `undefined` where the front door has no page and people decide by command. */
export const cloudApprovalUrl = async (environment: Environment): Promise<Services['approvalUrl']> => {
  const consoleUrl = findVariable(environment, 'consoleUrl')?.replace(/\/+$/, '');
  if (consoleUrl === undefined) return () => undefined;
  const secret = await cloudSecret(environment);
  return ({ approvalId, expiresAt }) => {
    const { expires, signature } = signApprovalLink({ approvalId, expiresAt, secret });
    return `${consoleUrl}/approvals/${encodeURIComponent(approvalId)}?expires=${expires}&signature=${signature}`;
  };
};

/** 1,769 MB of memory come with one core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const mbPerCore = 1769;

/** What the stack gives the data engine, and a thread for each whole core of the function. */
export const cloudDataEngine = (environment: Environment): Services['dataEngine'] => {
  const memoryLimitMb = Number(readVariable(environment, 'dataEngineMemoryMb'));
  if (!Number.isInteger(memoryLimitMb) || memoryLimitMb < 1)
    throw new MillraceError(
      'ENVIRONMENT_INCOMPLETE',
      `the data engine's memory is "${readVariable(environment, 'dataEngineMemoryMb')}", expected whole megabytes`,
    );
  const functionMb = Number(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? mbPerCore);
  return { memoryLimitMb, threads: Math.max(1, Math.floor(functionMb / mbPerCore)) };
};

export const cloudCodeVersion = (environment: Environment): string =>
  readVariable(environment, 'codeVersion');

/**
 * How long a record just written may be missing from a list by the secondary index, which DynamoDB keeps "eventually"
 * consistent: usually milliseconds. Waited for only where a file could otherwise be forgotten.
 */
export const listsLagMs = 3000;
