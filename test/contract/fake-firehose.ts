import { gzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand, type PutRecordBatchInput } from '@aws-sdk/client-firehose';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { known, turn, unknownCommand } from './known-fields.ts';

const Line = z.looseObject({ model: z.string(), at: z.string() });

/**
 * Firehose as far as the capture sink uses it: takes records apart by line (500 at most), files them by the letters of
 * `model` and `at` as the stream's inline JQ does, and delivers gzip at once. It may refuse some records, or all.
 */
export class FakeFirehose {
  readonly client = new FirehoseClient({ region: 'eu-central-1' });
  readonly requests: (readonly Buffer[])[] = [];
  /** How many records of the requests to come are refused, the first of each request. */
  refusals: number[] = [];
  isBroken = false;
  /** Every line that was taken, with the folder it was filed in. */
  readonly delivered: { readonly prefix: string; readonly line: string }[] = [];
  private files = 0;

  constructor(options: { readonly stream: string; readonly objects?: ObjectStore }) {
    const mock = mockClient(this.client);
    mock.onAnyCommand().callsFake(unknownCommand);
    mock.on(PutRecordBatchCommand).callsFake(async (input: PutRecordBatchInput) => {
      await turn();
      known('PutRecordBatch', input, ['DeliveryStreamName', 'Records']);
      if (this.isBroken || input.DeliveryStreamName !== options.stream) throw new Error('no such stream');
      const records = (input.Records ?? []).map(({ Data = new Uint8Array() }) => Buffer.from(Data));
      this.requests.push(records);
      return await this.take(records, options.objects);
    });
  }

  private async take(records: readonly Buffer[], objects: ObjectStore | undefined) {
    const bytes = records.reduce((sum, record) => sum + record.length, 0);
    const isTooMuch = records.length > 500 || bytes > 4 * 1024 * 1024;
    if (records.length === 0 || isTooMuch || records.some((record) => record.length > 1000 * 1024))
      throw Object.assign(new Error('too much'), { name: 'InvalidArgumentException' });
    const refused = this.refusals.shift() ?? 0;
    for (const record of records.slice(refused)) await this.deliver(record.toString('utf8'), objects);
    const RequestResponses = records.map((_, at) =>
      at < refused ? { ErrorCode: 'ServiceUnavailableException' } : { RecordId: `${at}` },
    );
    return { FailedPutCount: refused, RequestResponses };
  }

  private async deliver(record: string, objects: ObjectStore | undefined) {
    const lines = record.split('\n').slice(0, -1);
    if (!record.endsWith('\n') || lines.length > 500) throw new Error('Firehose would not take this apart');
    const filed = lines.map((line) => {
      const { model, at } = Line.parse(JSON.parse(line));
      const prefix = `captured/model=${model}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
      return { prefix, line };
    });
    this.delivered.push(...filed);
    for (const [prefix, group] of Map.groupBy(filed, (one) => one.prefix)) {
      this.files += 1;
      const body = gzipSync(group.map(({ line }) => `${line}\n`).join(''));
      await objects?.putIfAbsent(`${prefix}${this.files}.ndjson.gz`, body);
    }
  }
}
