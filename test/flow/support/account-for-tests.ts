import { onTestFinished } from 'vitest';
import { run as receiveObject } from '../../../lambdas/receive-object/handler.ts';
import type { Services } from '../../../lambdas/services.ts';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteWorkflow } from '../../../lib/adapters/local/state-machine/sqlite-workflow.ts';
import type { TrainingJobRequest } from '../../../lib/domain/training-job/index.ts';
import { readMachines } from '../../../lib/laptop/machines.ts';
import { openLaptop } from '../../../lib/laptop/open-laptop.ts';
import { performTask } from '../../../lib/laptop/perform-task.ts';
import { temporaryFolder } from '../../support/index.ts';
import { eventually } from './eventually.ts';

export interface AccountForTests {
  /** SageMaker: does the job and leaves its model.tar.gz, or throws as Step Functions fails the task. */
  readonly onJob: (job: TrainingJobRequest, services: Services, signal: AbortSignal) => Promise<void>;
  readonly hasTrainerImage?: boolean;
}

/** The S3 address of a job taken apart: buckets are one store here. */
export const keyOf = (uri: string): string => uri.replace(/^s3:\/\/[^/]+\//, '');

export const archiveKeyOf = ({ OutputDataConfig, TrainingJobName }: TrainingJobRequest): string =>
  `${keyOf(OutputDataConfig.S3OutputPath)}/${TrainingJobName}/output/model.tar.gz`;

/** A home whose services know of SageMaker, and whose state machines get to it: as in an account, but for the walls. */
export const accountForTests = async ({ onJob, hasTrainerImage = false }: AccountForTests) => {
  const folder = temporaryFolder();
  const laptop = openLaptop({ home: folder.path, pollMs: 20 });
  const database = openSqliteDatabase({ filePath: laptop.home.databaseFile });
  const tasks: string[] = [];
  const jobs: TrainingJobRequest[] = [];
  const workflow = sqliteWorkflow({
    database,
    clock: laptop.clock,
    ids: laptop.ids,
    machines: readMachines(),
    pollMs: 20,
    invoke: async (request, task) => {
      if (!request.resource.includes(':sagemaker:')) return performAsLambda(request, task);
      const job = request.arguments as unknown as TrainingJobRequest;
      jobs.push(job);
      await onJob(job, services, task.signal);
      // What DescribeTrainingJob says, as far as anybody reads it.
      return {
        TrainingJobName: job.TrainingJobName,
        TrainingJobStatus: 'Completed',
        ModelArtifacts: { S3ModelArtifacts: `s3://artifacts/${archiveKeyOf(job)}` },
      };
    },
  });
  const services: Services = {
    ...laptop,
    workflow,
    trainingJobs: {
      stage: 'test',
      region: 'eu-central-1',
      roleArn: 'arn:aws:iam::123456789012:role/training',
      dataBucket: 'data',
      artifactBucket: 'artifacts',
      ...(hasTrainerImage && { trainerImage: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/trainer:1' }),
    },
  };
  const performAsLambda = performTask(services, ({ task, phase }) => phase === 'started' && tasks.push(task));
  await workflow.run();
  onTestFinished(async () => {
    await workflow.shutdown();
    database.close();
    await laptop.close();
    folder.remove();
  });

  const drop = async (key: string, content: string | Uint8Array) => {
    const { head } = await laptop.objects.putIfAbsent(`incoming/${key}`, content);
    await receiveObject(head, services);
  };
  const endOfRun = (model: string) =>
    eventually(`the run of ${model} to end`, async () => {
      const [newest] = await laptop.registry.listRuns(model);
      return newest !== undefined && newest.status !== 'running' ? newest : undefined;
    });
  const messages = (model: string) =>
    laptop.notifier
      .inbox(100)
      .map(({ notification }) => notification)
      .filter((notification) => notification.model === model);
  return { laptop, services, workflow, tasks, jobs, drop, endOfRun, messages };
};
