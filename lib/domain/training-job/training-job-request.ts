/**
 * The arguments of SageMaker's CreateTrainingJob, as far as we use them, in its own spelling:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export interface TrainingJobRequest {
  readonly TrainingJobName: string;
  readonly AlgorithmSpecification: {
    readonly TrainingImage: string;
    readonly TrainingInputMode: 'File';
    readonly MetricDefinitions?: readonly { readonly Name: string; readonly Regex: string }[];
  };
  readonly RoleArn: string;
  readonly HyperParameters: Readonly<Record<string, string>>;
  readonly Environment?: Readonly<Record<string, string>>;
  readonly InputDataConfig: readonly TrainingChannel[];
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly KmsKeyId?: string };
  readonly CheckpointConfig?: { readonly S3Uri: string; readonly LocalPath: string };
  readonly ResourceConfig: {
    readonly InstanceType: string;
    readonly InstanceCount: number;
    readonly VolumeSizeInGB: number;
  };
  readonly StoppingCondition: {
    readonly MaxRuntimeInSeconds: number;
    readonly MaxWaitTimeInSeconds?: number;
  };
  readonly RetryStrategy: { readonly MaximumRetryAttempts: number };
  readonly EnableManagedSpotTraining: boolean;
  readonly EnableNetworkIsolation: boolean;
  readonly EnableInterContainerTrafficEncryption: boolean;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface TrainingChannel {
  readonly ChannelName: string;
  readonly ContentType: string;
  readonly InputMode: 'File';
  readonly DataSource: {
    readonly S3DataSource: {
      readonly S3DataType: 'S3Prefix';
      readonly S3Uri: string;
      readonly S3DataDistributionType: 'FullyReplicated' | 'ShardedByS3Key';
    };
  };
}

/** What one channel hands to the container: everything under a prefix, on each machine or dealt out among them. */
export interface ChannelFiles {
  readonly name: string;
  readonly contentType: string;
  /** `s3://bucket/prefix`. */
  readonly uri: string;
  readonly isDealtOut?: boolean;
}

export const trainingChannel = ({
  name,
  contentType,
  uri,
  isDealtOut = false,
}: ChannelFiles): TrainingChannel => ({
  ChannelName: name,
  ContentType: contentType,
  InputMode: 'File',
  DataSource: {
    S3DataSource: {
      S3DataType: 'S3Prefix',
      S3Uri: uri,
      S3DataDistributionType: isDealtOut ? 'ShardedByS3Key' : 'FullyReplicated',
    },
  },
});
