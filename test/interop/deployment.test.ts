import { readdirSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { functionNames } from '../../lib/wire/functions.ts';
import { laneAlarmNameOf, lanes } from '../../lib/wire/names.ts';
import { temporaryFolder } from '../support/index.ts';
import { alarmTeller, judgeLaneAlarms, type LanePoint } from './deployment/bridge-alarms.ts';
import { bridgeMachines } from './deployment/bridge-machines.ts';
import { bridgeTaskTokens, removeTaskTokenBridge } from './deployment/bridge-task-tokens.ts';
import { captureMender, metricCarrier } from './deployment/bridges.ts';
import { type Clients, openClients } from './deployment/clients.ts';
import { bootstrap, buildBundles, deploy, type Outputs, runNode, stage } from './deployment/deploy-stage.ts';
import { allLogs, troubleIn } from './deployment/function-logs.ts';
import { leftovers } from './deployment/leftovers.ts';
import { type LiveStage, liveStage } from './deployment/live-stage.ts';
import { openMailbox } from './deployment/mailbox.ts';
import { type Door, openDoor } from './deployment/open-door.ts';
import {
  csvOf,
  firstRows,
  laterRows,
  onlyGentoo,
  type Penguin,
  questionOf,
  rowsAWindow,
  spec,
} from './deployment/penguins.ts';
import { putClockAhead } from './deployment/put-clock-ahead.ts';
import { storyHours } from './deployment/story-hours.ts';
import { startTimeline, until } from './deployment/timeline.ts';
import { type Ministack, startMinistack } from './support/ministack.ts';
import { ministack as prepared } from './support/parties.ts';

const isLinux = process.platform === 'linux';
if (prepared !== undefined && !isLinux)
  console.log("The deployment is SKIPPED: the bundles' native libraries are those of Linux");
const isAble = prepared !== undefined && isLinux;
const model = spec.name;
/** Nobody trains elsewhere, brings a model, watches a canary or breaks a run. */
const notInTheStory = ['collect-training-job', 'adopt-model', 'check-health', 'end-run'];

/** States that MiniStack cannot run as they are, see `bridgeMachines`. */
const bridgedStates = ['Train on SageMaker', 'Ask a person', 'Promoted', 'Aborted'];

const firstFile = `${model}/2026 spring (final) Größe.csv`;
const laterFile = `${model}/2026 summer & autumn+1.csv`;

describe.skipIf(!isAble)('this very stack, deployed on real wire', () => {
  let ministack: Ministack;
  let clients: Clients;
  let outputs: Outputs;
  let live: LiveStage;
  let door: Door;
  let mailbox: Awaited<ReturnType<typeof openMailbox>>;
  let carryMetrics: () => Promise<readonly LanePoint[]>;
  let tellAlarms: () => Promise<readonly string[]>;
  let mendCaptured: () => Promise<readonly string[]>;
  let hours: ReturnType<typeof storyHours>;
  const apiKeys = { predict: '', label: '' };
  /** What was answered in the two hours the world had moved in. */
  const predictionIds: string[] = [];
  let hasFailed = false;
  const timeline = startTimeline();

  /** One step of the story: what comes after a failure has nothing to stand on. */
  const step = (what: string, work: () => Promise<void>) =>
    it(what, { timeout: 180_000 }, async ({ skip }) => {
      skip(hasFailed, 'a step before it failed');
      hasFailed = true;
      await timeline.step(what, work);
      hasFailed = false;
    });

  /** The command line as people use it on a stage; only the name of its endpoint has to be bridged. */
  const millrace = async (...words: readonly string[]): Promise<unknown> => {
    const program = ['bin/millrace.js', '--stage', stage, '--json', ...words];
    return JSON.parse(await runNode(ministack, program, 150, { more: { MILLRACE_URL: door.url } }));
  };

  const post = async (what: 'predict' | 'labels', key: string, content: object) => {
    const answer = await fetch(`${door.url}/models/${model}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify(content),
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const ask = (rows: readonly Penguin[]) => post('predict', apiKeys.predict, { rows });

  const makeKey = async (scope: keyof typeof apiKeys): Promise<void> => {
    const words = ['--name', `interop-${scope}`, '--scope', scope, '--reason', 'test'];
    const made = Object(await millrace('keys', 'create', ...words));
    apiKeys[scope] = String(Reflect.get(made, 'secret') ?? Reflect.get(made, 'key'));
  };

  const alarmOf = (lane: (typeof lanes)[number]): string => laneAlarmNameOf(stage, model, lane);
  const laneAlarms = async () => {
    const AlarmNames = lanes.map(alarmOf);
    const { MetricAlarms = [] } = await clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
    return MetricAlarms;
  };

  const question = async (version: number) =>
    until(`question about version ${version}`, 60, async () => {
      const pending = await live.registry.listPendingApprovals({ model });
      return pending.find((approval) => approval.version === version);
    });

  /** The link people were mailed with a question. */
  const linkTo = async (version: number): Promise<URL> => {
    const { approvalId } = await question(version);
    const mail = await mailbox.next('question', 20, ({ text }) => text.includes(`/approvals/${approvalId}`));
    return new URL(/https:\/\/\S+\/approvals\/\S+/u.exec(mail.text)?.[0] ?? expect.fail(mail.text));
  };

  const endOfRun = (runId: string) =>
    until(`end of run ${runId}`, 30, async () => {
      const run = await live.registry.getRun(runId);
      return run.status === 'running' ? undefined : run;
    });

  beforeAll(async () => {
    ministack = await timeline.step('MiniStack is up', () => startMinistack());
    clients = openClients(ministack);
  });
  afterAll(async () => {
    console.log(`The loop on MiniStack\n${timeline.text()}`);
    if (hasFailed && clients) console.log(await troubleIn(clients).catch(String));
    if (hasFailed && live) console.log(await live.stoppedExecutions().catch(String));
    if (hasFailed && ministack) console.log(ministack.log().slice(-3000));
    door?.close();
    for (const client of Object.values(clients ?? {})) client.destroy();
    await ministack?.stop();
  });

  step('comes up by the stock `cdk bootstrap` and `cdk deploy`', async () => {
    await Promise.all([
      timeline.step('  bundles are built', () => buildBundles(ministack)),
      timeline.step('  cdk bootstrap', () => bootstrap(ministack)),
    ]);
    outputs = await timeline.step('  cdk deploy', () => deploy(ministack, clients));
    expect(await bridgeMachines(clients, outputs)).toEqual(bridgedStates);
    await bridgeTaskTokens(clients, stage);
    live = liveStage(clients, outputs);
    door = await openDoor(ministack, outputs.endpointUrl);
    mailbox = await openMailbox(clients, outputs.topicArn);
    carryMetrics = metricCarrier(clients);
    tellAlarms = alarmTeller(clients);
    mendCaptured = captureMender(clients, outputs.captureBucket);
  });

  step(
    'trains on a file whose name has spaces and umlauts, once, though every event comes twice',
    async () => {
      const files = [
        [`${model}/model.json`, JSON.stringify(spec)],
        [firstFile, csvOf(firstRows)],
        [`${model}/_SUCCESS`, ''],
      ] as const;
      for (const [key, content] of files) await live.drop(key, content);
      for (const [key, content] of files) await live.announceAgain(key, content);

      const { runId } = await question(1);

      expect(await live.registry.listRuns(model)).toMatchObject([{ runId, status: 'running' }]);
      expect(await live.executions('train-and-promote')).toHaveLength(1);
      expect(await live.registry.listVersions(model)).toMatchObject([{ version: 1, runId }]);
    },
  );

  step('asks people by the topic, and whoever only looks at the page decides nothing', async () => {
    const { pathname, search, origin } = await linkTo(1);
    expect(origin).toBe(new URL(outputs.consoleUrl).origin);

    for (let look = 0; look < 2; look += 1) {
      const page = await fetch(`${door.url}${pathname}${search}`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('name="decision" value="approved"');
    }
    const forged = search.replace(/signature=.{4}/u, 'signature=AAAA');
    expect((await fetch(`${door.url}${pathname}${forged}`)).status).toBe(403);

    expect(await question(1)).toMatchObject({ status: 'pending' });
    expect((await ask(firstRows.slice(0, 1).map(questionOf))).status).toBe(401);
  });

  step('lets version 1 serve once somebody decides on the page', async () => {
    const link = await linkTo(1);
    const { runId } = await question(1);
    const form = new URLSearchParams(link.search);
    for (const [name, value] of Object.entries({ decision: 'approved', by: 'Ada', reason: 'beats guessing' }))
      form.set(name, value);

    const answer = await fetch(`${door.url}${link.pathname}`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });

    expect([200, 303]).toContain(answer.status);
    expect(await endOfRun(runId)).toMatchObject({ status: 'succeeded', modelVersion: 1 });
    expect(await live.registry.getRoute(model)).toMatchObject({ champion: 1 });
  });

  step('answers predictions over the HTTP API to who has a key', async () => {
    await Promise.all([makeKey('predict'), makeKey('label')]);
    hours = storyHours(Date.now());

    const { status, body } = await until('answer of version 1', 20, async () => {
      const answer = await ask(onlyGentoo(1));
      return answer.status === 200 ? answer : undefined;
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ model, version: 1, predictions: [{ label: 'Gentoo' }] });
  });

  step('keeps what it answered, by model and hour', async () => {
    for (const hour of [1, 2]) {
      await putClockAhead(clients, 'serve-predictions', hours.secondsAhead(hour, 10));
      const { status, body } = await ask(onlyGentoo(rowsAWindow));
      expect(status).toBe(200);
      for (const { predictionId } of body.predictions) predictionIds.push(predictionId);
    }
    // One question before; MiniStack files each by itself.
    const rows = 1 + 2 * rowsAWindow;
    const keys = await until(`${rows} captured predictions`, 30, async () => {
      const found = await mendCaptured();
      return found.length >= rows ? found : undefined;
    });

    for (const key of keys)
      expect(key).toMatch(/^captured\/model=penguins\/dt=\d{4}-\d\d-\d\d\/hour=\d\d\//u);
    // The hour it is now, unless it has just begun, and two to come.
    expect(new Set(keys.map((key) => /dt=.*hour=\d\d/u.exec(key)?.[0])).size).toBeGreaterThanOrEqual(2);
  });

  step('takes late labels over the HTTP API from who may give them, and new rows by themselves', async () => {
    await live.drop(laterFile, csvOf(laterRows));
    await live.drop(`${model}/autumn._SUCCESS`, '');
    // Whoever went to see says that they were Adelies, and of one what no penguin here is.
    const told = predictionIds.map((predictionId) => ({ predictionId, label: 'Adelie' }));
    const labels = [...told, { predictionId: predictionIds[0], label: 'Dodo' }];

    expect(await post('labels', apiKeys.predict, { labels })).toMatchObject({
      status: 403,
      body: { error: { code: 'API_KEY_FORBIDDEN' } },
    });
    expect((await post('labels', '', { labels })).status).toBe(401);
    const taken = await post('labels', apiKeys.label, { labels });

    expect(taken).toMatchObject({ status: 202, body: { model, taken: labels.length } });
    expect(taken.body.file).toMatch(/^labels\/penguins\/posted\/[0-9a-f]{64}\.jsonl$/u);
    const [noted] = await until('file of labels', 20, async () => {
      const pending = await live.registry.pendingLabelFiles(model);
      return pending.length > 0 ? pending : undefined;
    });
    expect(noted).toMatchObject({ key: taken.body.file, status: 'pending' });
    // Before the monitor looks: on MiniStack functions share one /tmp, which each empties when it starts.
    await until('second batch', 30, async () => (await live.registry.listBatches(model))[1]);
  });

  step('finds that the world moved and answers are wrong: two alarms, and people are told', async () => {
    await putClockAhead(clients, 'watch-models', hours.secondsAhead(3, 21));

    await live.call('watch-models', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
    const states = await judgeLaneAlarms(clients, await carryMetrics(), hours.at(3, 21));

    const [file] = await live.registry.listTakenLabelFiles(model);
    expect(file).toMatchObject({ rows: 2 * rowsAWindow + 1, taken: 2 * rowsAWindow, refused: 1 });
    const windows = await live.registry.listWindows(model);
    expect(windows.flatMap(({ skippedFiles }) => skippedFiles)).toEqual([]);
    const realised = await live.registry.listRealisedWindows(model);
    expect(realised).toMatchObject([
      { rows: rowsAWindow, labelledRows: rowsAWindow, outcome: 'judged', value: 1 },
      // The one question before joins the first hour, and nobody said what became of it.
      { rows: rowsAWindow + 1, labelledRows: rowsAWindow, outcome: 'judged', value: 1 },
    ]);
    expect(states).toEqual({
      [alarmOf('data-quality')]: 'OK',
      [alarmOf('drift')]: 'ALARM',
      [alarmOf('realised-quality')]: 'ALARM',
      [alarmOf('freshness')]: 'OK',
    });
    for (const { AlarmActions } of await laneAlarms()) expect(AlarmActions).toEqual([outputs.topicArn]);
    for (const lane of ['drift', 'realised-quality'])
      await mailbox.next(`alarm of ${lane}`, 20, ({ subject, text }) =>
        `${subject}${text}`.includes(`${model}--${lane}`),
      );
    await mailbox.next('refused label', 5, ({ subject }) =>
      subject.includes('1 of 121 label(s) were refused'),
    );
  });

  step('starts one run for both alarms, on rows that came, and says why', async () => {
    await until('both files of labelled rows in batches', 30, async () => {
      const files = (await live.registry.listBatches(model)).flatMap(({ arrivals }) => arrivals);
      return files.filter(({ key }) => key.includes('/from-labels/')).length === 2 || undefined;
    });
    // A new version is left alone for as long as the slowest alarm looks back: three windows.
    await putClockAhead(clients, 'decide-retraining', hours.secondsAhead(4, 30));

    const changed = await tellAlarms();

    expect(changed).toContain(`${alarmOf('drift')} ALARM`);
    expect(changed).toContain(`${alarmOf('realised-quality')} ALARM`);
    const { runId } = await until('second run', 40, async () => {
      const [latest, before] = await live.registry.listRuns(model);
      return before === undefined ? undefined : latest;
    });
    // So few penguins cannot show that version 2 is better: that is for a person to say.
    expect((await question(2)).summary).toContain('could not be judged by every gate');

    expect(await live.registry.getRun(runId)).toMatchObject({ trigger: { kind: 'quality', by: 'monitor' } });
    expect(await live.executions('train-and-promote')).toHaveLength(2);
    const decisions = await live.registry.listDecisions(model);
    const rings = (lane: string) => expect.stringContaining(`the ${lane} alarm of version 1 rings`);
    expect(decisions.filter(({ decision }) => decision === 'retrain')).toMatchObject([
      { runId, because: expect.arrayContaining([rings('realised-quality'), rings('drift')]) },
    ]);
    // All of one species and all called another: no run learns from that before somebody has looked.
    expect(await live.registry.listBatchJudgements(model)).toContainEqual(
      expect.objectContaining({ kind: 'from-labels', state: 'quarantined', rows: 2 * rowsAWindow }),
    );
    await mailbox.next('quarantine', 5, ({ subject }) => subject.includes('is in quarantine'));
  });

  step('shows whoever decides what moved, by the link of the question', async () => {
    const { pathname, search } = await linkTo(2);

    const page = await fetch(`${door.url}${pathname}${search}`);
    const report = await fetch(`${door.url}${pathname}/drift${search}`);

    expect(await page.text()).toContain('drift report until');
    expect(report.status).toBe(200);
    expect(await report.text()).toContain('Flipper Length (mm)');
    expect((await fetch(`${door.url}${pathname}/drift`)).status).toBe(403);
  });

  step('ends in a version approved from the command line, which answers', async () => {
    const { runId } = await question(2);

    await millrace('approve', model, '--reason', 'knows the new season', '--by', 'Grace');

    expect(await endOfRun(runId)).toMatchObject({ status: 'succeeded', modelVersion: 2 });
    const { body } = await until('answer of version 2', 15, async () => {
      const answer = await ask(onlyGentoo(1));
      return answer.body.version === 2 ? answer : undefined;
    });
    expect(body).toMatchObject({ model, version: 2, predictions: [{ label: 'Gentoo' }] });
    const dataset = await live.registry.getRun(runId);
    const found = await live.registry.findDataset(model, dataset.datasetVersion ?? '');
    expect(found?.sources).toHaveLength(2);
  });

  step('starts the alarms anew for the version that serves', async () => {
    await putClockAhead(clients, 'watch-models', hours.secondsAhead(4, 21));

    await live.call('watch-models', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });

    const ofVersions = (await laneAlarms()).filter(({ AlarmName }) => AlarmName !== alarmOf('freshness'));
    expect(ofVersions.length).toBeGreaterThanOrEqual(3);
    for (const { Dimensions, StateValue, StateReason } of ofVersions) {
      expect(Dimensions).toContainEqual({ Name: 'version', Value: '2' });
      expect(StateValue).toBe('INSUFFICIENT_DATA');
      expect(StateReason).toContain('Another version serves');
    }
  });

  step('refused no function what it asked for, and lost no event', async () => {
    const logs = await allLogs(clients);
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: outputs.deadLetterQueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );

    const ran = new Set(logs.map((line) => line.function));
    expect(functionNames.filter((name) => !ran.has(name))).toEqual(notInTheStory);
    expect(logs.filter(({ message }) => /AccessDenied|not authorized/u.test(message))).toEqual([]);
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
    expect(await live.stoppedExecutions()).toBe('');
  });

  it('all of it in less than three minutes', ({ skip }) => {
    skip(hasFailed, 'the story did not end');
    const [load = 0] = loadavg();
    // Beside so much other work its length says nothing of the story.
    skip(load > 4 * availableParallelism(), `this machine has other work: load ${load.toFixed(1)}`);
    expect(timeline.totalSeconds()).toBeLessThan(180);
  });

  step('is found in order by `millrace smoke`', async () => {
    await putClockAhead(clients, 'serve-predictions', 0);
    expect(await millrace('smoke')).toMatchObject({ stage, version: 1 });
  });

  step('leaves nothing behind after `millrace destroy`, and what was exported is whole', async () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());

    await removeTaskTokenBridge(clients);
    // Nineteen functions with their logs, three buckets and machines, a table, a stream, alarms, rules.
    expect((await leftovers(clients)).length).toBeGreaterThan(50);

    await millrace('destroy', '--yes', '--export', folder.path);

    const exported = readdirSync(folder.path, { recursive: true }).map(String);
    expect(exported).toContainEqual(expect.stringMatching(/penguins.2.model\.onnx$/u));
    expect(await leftovers(clients)).toEqual([]);
  });
});
