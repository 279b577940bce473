/** What an account has for training outside Lambda; a laptop has none of it. */
export interface TrainingJobs {
  readonly stage: string;
  readonly region: string;
  /** The role the job runs under. */
  readonly roleArn: string;
  /** Holds datasets/. */
  readonly dataBucket: string;
  /** Holds runs/: what the job is given and what it leaves. */
  readonly artifactBucket: string;
  /** The container with our own trainer. @default - our own trainers stay in Lambda, whatever the size */
  readonly trainerImage?: string;
  /** The customer's own key for what the job writes. @default - the encryption of the bucket */
  readonly keyArn?: string;
}
