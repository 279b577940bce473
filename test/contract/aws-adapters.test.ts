import { cloudwatchAlarmBook } from '../../lib/adapters/aws/cloudwatch-alarm-book.ts';
import { cloudwatchMetricSink } from '../../lib/adapters/aws/cloudwatch-metric-sink.ts';
import { firehoseCaptureSink } from '../../lib/adapters/aws/firehose-capture-sink.ts';
import { snsNotifier } from '../../lib/adapters/aws/sns-notifier.ts';
import type { LaneAlarm } from '../../lib/ports/alarm-book.ts';
import { laneAlarmNameOf } from '../../lib/wire/names.ts';
import { fixedClock, localStores } from '../support/index.ts';
import { alarmBookContract } from './alarm-book.ts';
import { captureSinkContract } from './capture-sink.ts';
import { FakeCloudWatch } from './fake-cloudwatch.ts';
import { FakeFirehose } from './fake-firehose.ts';
import { FakeSns } from './fake-sns.ts';
import { metricSinkContract } from './metric-sink.ts';
import { notifierContract } from './notifier.ts';

notifierContract('SNS', () => {
  const { records, clock, remove } = localStores();
  const sns = new FakeSns();
  const notifier = snsNotifier({ topicArn: sns.topicArn, records, clock, client: sns.client });
  return { notifier, seen: () => sns.published.map(({ Message = '' }) => Message), remove };
});

metricSinkContract('CloudWatch', () => {
  const cloudwatch = new FakeCloudWatch();
  const metrics = cloudwatchMetricSink({ stage: 'dev', write: cloudwatch.log, client: cloudwatch.client });
  return { metrics, remove: () => cloudwatch.client.destroy() };
});

alarmBookContract('CloudWatch', () => {
  const { client, alarms } = new FakeCloudWatch();
  const ring = async ({ model, lane }: LaneAlarm) => {
    const name = laneAlarmNameOf('dev', model, lane);
    alarms.set(name, { ...alarms.get(name), StateValue: 'ALARM' });
  };
  const topicArn = 'arn:aws:sns:eu-central-1:123456789012:millrace-dev-notifications';
  const book = cloudwatchAlarmBook({ stage: 'dev', topicArn, client });
  return { alarms: book, ring, remove: () => client.destroy() };
});

captureSinkContract('Firehose', () => {
  const { objects, remove } = localStores();
  const firehose = new FakeFirehose({ stream: 'millrace-dev-captured', objects });
  const { client } = firehose;
  const capture = firehoseCaptureSink({ stream: 'millrace-dev-captured', client, clock: fixedClock() });
  const breakDisk = () => {
    firehose.isBroken = true;
  };
  return { capture, objects, breakDisk, remove };
});
