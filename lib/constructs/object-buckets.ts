import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keepsData, type Settings } from '../wire/settings.ts';
import { HouseFunction } from './house-function.ts';
import type { HouseKey } from './house-key.ts';
import { acknowledge } from './permissions.ts';
import type { Principal } from './principal.ts';

/** The first segments of our keys, and the bucket each lies in. */
const bucketOf = {
  incoming: 'data',
  labels: 'data',
  sources: 'data',
  datasets: 'data',
  quarantine: 'data',
  runs: 'artifacts',
  models: 'artifacts',
  golden: 'artifacts',
  windows: 'artifacts',
  captured: 'captures',
  labelled: 'captures',
} as const;
export type Prefix = keyof typeof bucketOf;
type BucketName = (typeof bucketOf)[Prefix];

/** Folders of the drop zone that functions drop into, of every model: the rest of it is people's. */
export type DropFolder = 'incoming/*/from-labels' | 'labels/*/posted';

/** Parts of an upload that broke off are billed and seen by nobody; a version that was replaced is kept for a change of mind. */
const tidyUp: LifecycleRule = {
  id: 'tidy-up',
  abortIncompleteMultipartUploadAfter: Duration.days(1),
  noncurrentVersionExpiration: Duration.days(30),
  expiredObjectDeleteMarker: true,
};

/**
 * Captured predictions are read within days, by the monitor, and again when a late label is joined or a reservoir of
 * older rows is drawn, within a year. Instant Retrieval costs a sixth of Standard to keep. S3 leaves objects under 128 KB
 * where they are, which that class would bill as if they had that size.
 */
const growOld: LifecycleRule = {
  id: 'grow-old',
  transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }],
};
const forget: LifecycleRule = { id: 'forget', expiration: Duration.days(400) };

/** What was found in a window is looked at with the predictions it was found in; models and golden sets stay. */
const forgetWindows: LifecycleRule = { ...forget, id: 'forget-windows', prefix: 'windows/' };

/** Three buckets behind one object store: what came and was made of it, models with their evidence, and captured predictions with the labels that came for them. */
export class ObjectBuckets extends Construct {
  readonly data: Bucket;
  readonly artifacts: Bucket;
  readonly captures: Bucket;
  readonly #settings: Settings;
  readonly #key: HouseKey | undefined;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly settings: Settings; readonly key?: HouseKey | undefined },
  ) {
    super(scope, id);
    this.#settings = props.settings;
    this.#key = props.key;
    this.data = this.#bucket('Data', [tidyUp]);
    this.artifacts = this.#bucket('Artifacts', [tidyUp, forgetWindows]);
    this.captures = this.#bucket('Captures', [tidyUp, growOld, forget]);
    // Not `eventBridgeEnabled`, which adds a function of its own to every stack to set this one property.
    const resource = this.data.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /** Lets read objects under the prefixes, and tell one that is missing from one that is forbidden. */
  grantRead(principal: Principal, ...prefixes: readonly Prefix[]): void {
    this.#allow(principal, ['s3:GetObject'], prefixes);
  }

  /** Lets write new objects under the prefixes. The store looks at what it wrote, so that reading comes with it. */
  grantPut(principal: Principal, ...prefixes: readonly Prefix[]): void {
    this.#allow(principal, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], prefixes);
  }

  /** Lets drop new objects into one folder of every model, and look at what it wrote there. */
  grantDrop(principal: Principal, folder: DropFolder): void {
    principal.allow({
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${this.data.bucketArn}/${folder}/*`],
      because: 'objects in a folder that people do not drop into; their names hold the model and the content',
    });
    principal.allow({ actions: ['s3:ListBucket'], resources: [this.data.bucketArn] });
    if (principal instanceof HouseFunction) this.#tell(principal);
  }

  #allow(principal: Principal, actions: readonly string[], prefixes: readonly Prefix[]): void {
    const within = (name: BucketName) => prefixes.filter((prefix) => bucketOf[prefix] === name);
    for (const name of ['data', 'artifacts', 'captures'] as const) {
      const bucket = this[name];
      if (within(name).length === 0) continue;
      principal.allow({
        actions,
        resources: within(name).map((prefix) => `${bucket.bucketArn}/${prefix}/*`),
        because: 'objects under a prefix that holds nothing else; their names hold model, run and content',
      });
      // Without it S3 answers 403 for an object that is missing, and missing is something the house must know.
      principal.allow({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
    }
    if (principal instanceof HouseFunction) this.#tell(principal);
  }

  /** The store routes by the first segment of a key, so it wants all three addresses whatever a function may touch. */
  #tell(fn: HouseFunction): void {
    fn.tell('dataBucket', this.data.bucketName);
    fn.tell('artifactBucket', this.artifacts.bucketName);
    fn.tell('captureBucket', this.captures.bucketName);
  }

  #bucket(id: string, lifecycleRules: LifecycleRule[]): Bucket {
    const keeps = keepsData(this.#settings);
    const bucket = new Bucket(this, id, {
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules,
      // Not `autoDeleteObjects`, which adds a function that may delete every object: `millrace destroy` empties buckets itself.
      removalPolicy: keeps ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(this.#key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: this.#key.key, bucketKeyEnabled: true }),
    });
    acknowledge(bucket, {
      'AwsSolutions-S1':
        'access logs are objects to pay for and to guard; who did what is in the registry, and CloudTrail data events can be turned on where the law asks for them',
    });
    return bucket;
  }
}
