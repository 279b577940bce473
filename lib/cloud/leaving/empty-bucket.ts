import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { isNamed } from '../../adapters/aws/sdk-errors.ts';
import { MillraceError } from '../../wire/errors.ts';

type Told = (text: string) => void;

/** Removes every object, every version and every delete marker, a thousand at a time. A bucket that is gone is empty. */
export const emptyBucket = async (s3: S3Client, bucket: string, tell: Told): Promise<number> => {
  let removed = 0;
  for (;;) {
    // Always the first page: what was listed before is gone.
    const page = await listVersions(s3, bucket);
    if (page.length === 0) return removed;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: page, Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined)
      throw new MillraceError(
        'STAGE_NOT_EMPTIED',
        `${Errors.length} objects of the bucket ${bucket} could not be removed, the first, ${first.Key}, because: ${first.Code} ${first.Message}`,
        { bucket },
      );
    removed += page.length;
    tell(`${bucket}: ${removed} objects and versions removed`);
  }
};

const listVersions = async (s3: S3Client, bucket: string) => {
  try {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 }),
    );
    return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  } catch (error) {
    if (isNamed(error, 'NoSuchBucket')) return [];
    throw error;
  }
};
