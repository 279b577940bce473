import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { CaptureSink } from '../../ports/capture-sink.ts';
import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../local/system-clock.ts';
import {
  type CaptureLine,
  captureLine,
  type FirehoseRecord,
  packLines,
  requestsOf,
} from './firehose-records.ts';
import { clientDefaults, lazily } from './sdk-errors.ts';

/** A buffer this full is sent without waiting: one request's worth. */
const sendAtBytes = 3_000_000;
/** 4 tries, 100 ms first wait, doubling: last wait 400 ms, 700 ms in all, on top of what the SDK tries. */
const maxTries = 4;
const firstWaitMs = 100;

/**
 * Prediction records through Firehose, which files them by model, day and hour: its stream must take records apart
 * (deaggregation of JSON), find `.model` and `.at` in each, and end each with a line feed.
 *
 * `capture` never waits and never throws. Memory is bounded: beyond it the oldest records are dropped and counted, those
 * of the request under way excepted. What Firehose refuses is sent again, only that; a request whose answer is lost may
 * be kept twice: `predictionId` tells. A Lambda function flushes before it answers, because timers sleep with it.
 * `flush` gives the totals since the sink was made.
 */
export const firehoseCaptureSink = (options: {
  readonly stream: string;
  /** @default - one client for the process's credentials and region, made at the first request */
  readonly client?: FirehoseClient;
  /** What waits between tries. @default - the machine's clock */
  readonly clock?: Clock;
  /** @default 8000000 */
  readonly maxBufferedBytes?: number;
  /** How long a record may wait in memory while the process runs. @default 5000 */
  readonly maxDelayMs?: number;
}): CaptureSink => {
  const { stream, clock = systemClock, maxBufferedBytes = 8_000_000, maxDelayMs = 5000 } = options;
  const client = lazily(options.client, () => new FirehoseClient(clientDefaults));
  const totals = { written: 0, lost: 0 };
  let buffer: CaptureLine[] = [];
  let bufferedBytes = 0;
  /** Bytes taken out of the buffer and not yet written or lost. */
  let sendingBytes = 0;
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  /** The records Firehose refused. */
  const put = async (records: readonly FirehoseRecord[]): Promise<readonly FirehoseRecord[]> => {
    const Records = records.map(({ data }) => ({ Data: data }));
    const { FailedPutCount = 0, RequestResponses = [] } = await client().send(
      new PutRecordBatchCommand({ DeliveryStreamName: stream, Records }),
    );
    return FailedPutCount === 0 ? [] : records.filter((_, at) => RequestResponses[at]?.ErrorCode);
  };

  const countLines = (records: readonly FirehoseRecord[]) =>
    records.reduce((sum, { lines }) => sum + lines, 0);

  /** How many lines were written. An error of the SDK, which has tried several times by then, ends it. */
  const sendRequest = async (records: readonly FirehoseRecord[]): Promise<number> => {
    let left = records;
    try {
      for (let attempt = 1; left.length > 0 && attempt <= maxTries; attempt += 1) {
        if (attempt > 1) await clock.sleep(firstWaitMs * 2 ** (attempt - 2));
        left = await put(left);
      }
    } catch {
      // Capture must not disturb predictions: what the loss says is the count.
    }
    return countLines(records) - countLines(left);
  };

  const send = async (lines: readonly CaptureLine[], bytes: number) => {
    let written = 0;
    for (const request of requestsOf(packLines(lines))) written += await sendRequest(request);
    totals.written += written;
    totals.lost += lines.length - written;
    sendingBytes -= bytes;
  };

  const startSending = () => {
    clearTimeout(timer);
    timer = undefined;
    const [lines, bytes] = [buffer, bufferedBytes];
    if (lines.length === 0) return;
    buffer = [];
    bufferedBytes = 0;
    sendingBytes += bytes;
    sending = sending.then(() => send(lines, bytes));
  };

  const dropOldest = () => {
    let dropped = 0;
    while (dropped < buffer.length && bufferedBytes + sendingBytes > maxBufferedBytes) {
      bufferedBytes -= buffer[dropped]?.bytes ?? 0;
      dropped += 1;
    }
    if (dropped > 0) buffer.splice(0, dropped);
    totals.lost += dropped;
  };

  const capture: CaptureSink['capture'] = (records) => {
    for (const record of records) {
      const line = captureLine(record);
      if (line === undefined) totals.lost += 1;
      else {
        buffer.push(line);
        bufferedBytes += line.bytes;
      }
    }
    dropOldest();
    // While a request is under way more is gathered: what follows it goes in fewer, fuller records.
    if (bufferedBytes >= sendAtBytes && sendingBytes === 0) startSending();
    else if (buffer.length > 0) timer ??= setTimeout(startSending, maxDelayMs).unref();
  };

  const flush = async () => {
    startSending();
    await sending;
    return { ...totals };
  };

  return { capture, flush };
};
