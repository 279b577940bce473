import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmInput } from '../../lib/adapters/aws/lane-alarm-input.ts';
import { lanes, stackAlarms } from '../../lib/wire/names.ts';
import { resourcesOf } from './policies.ts';
import { templateOf } from './synthesise.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/operations.md'), 'utf8');

/** The anchor a heading has on a rendered page. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

const anchorIn = (description: unknown): string =>
  /docs\/operations\.md#([a-z-]+)$/.exec(String(description))?.[1] ?? `no heading in: ${description}`;

const laneAlarm = {
  model: 'm',
  version: 1,
  windowHours: 24,
  breaches: 2,
  outOf: 3,
  whenMissing: 'ignore',
} as const;

describe('the runbook', () => {
  const ofStack = Object.values(resourcesOf(templateOf({}), 'AWS::CloudWatch::Alarm')).map(({ Properties }) =>
    anchorIn(Properties.AlarmDescription),
  );
  const ofLanes = lanes.map((lane) =>
    anchorIn(alarmInput('dev', 'arn:topic', { ...laneAlarm, lane }).AlarmDescription),
  );

  it('has a heading for every alarm, which the alarm names', () => {
    expect(ofStack).toHaveLength(stackAlarms.length);
    for (const anchor of [...ofStack, ...ofLanes]) expect(headings).toContain(anchor);
  });

  it('has an alarm for every heading', () => {
    for (const heading of headings) expect([...ofStack, ...ofLanes]).toContain(heading);
  });

  it.each([
    ['lambdas/prepare-dataset/quarantined.ts', 'is in quarantine'],
    ['lambdas/watch-models/take-labels.ts', 'label(s) were refused'],
  ])('has a part for the mail of %s: "… %s"', (file, subject) => {
    expect(readFileSync(path.join(root, file), 'utf8')).toContain(subject);
    expect(page).toContain(subject);
  });

  it('says under each heading what to do, step by step', () => {
    for (const section of page.split(/^## /m).slice(1)) expect(section, section).toMatch(/^1\. /m);
  });
});
