import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { run as decideApproval } from '../../../lambdas/decide-approval/handler.ts';
import { cloudwatchAlarmBook } from '../../adapters/aws/cloudwatch-alarm-book.ts';
import { clientDefaults } from '../../adapters/aws/sdk-errors.ts';
import { keys } from '../../domain/registry/index.ts';
import type { JsonObject } from '../../wire/json.ts';
import { askEndpoint } from '../ask-endpoint.ts';
import type { Environment } from '../find-stack.ts';
import type { Stage } from '../open-stage.ts';
import { type SmokeResult, type SmokeStage, smokeTest } from './smoke-test.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const dataFile = path.join(root, 'node_modules/vega-datasets/data/penguins.json');

/** Takes the model from the list of models and its route away: history stays, but nobody looks at the model any more. */
const forgetIn = (stage: Stage): SmokeStage['forget'] => {
  const client = new DynamoDBClient(clientDefaults);
  const alarms = cloudwatchAlarmBook({ stage: stage.stage, topicArn: stage.outputs.topicArn });
  return async (model) => {
    for (const { partition, sort } of [keys.model(model), keys.route(model)])
      await client.send(
        new DeleteItemCommand({
          TableName: stage.outputs.table,
          Key: { partition: { S: partition }, sort: { S: sort } },
        }),
      );
    // After the list: the monitor makes no alarms for a model that is not on it.
    await alarms.remove(model);
  };
};

const isFunctionUrl = (url: string): boolean => /\.lambda-url\./.test(url);

/** Runs the smoke test with the penguins example. A token in MILLRACE_TOKEN is used instead of a key made for the test. */
export const smokeStage = async (
  stage: Stage,
  env: Environment,
  tell: (text: string) => void,
): Promise<SmokeResult> => {
  const spec = JSON.parse(await readFile(path.join(root, 'examples/penguins/model.json'), 'utf8'));
  const asked: SmokeStage = {
    objects: stage.objects,
    registry: stage.registry,
    clock: stage.clock,
    ids: stage.ids,
    decide: (decision) => decideApproval(decision, stage),
    ask: async (model, rows, apiKey) => {
      const asking = askEndpoint(stage, { ...env, MILLRACE_API_KEY: apiKey });
      return (await asking.ask(model, rows as readonly JsonObject[])).predictions;
    },
    takesKeys: !isFunctionUrl(stage.outputs.endpointUrl) && !env.MILLRACE_TOKEN,
    forget: forgetIn(stage),
  };
  const by = (await stage.caller()) ?? 'smoke test';
  return smokeTest(asked, { spec, dataFile, by, tell });
};
