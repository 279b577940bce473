import type { Hono } from 'hono';
import { plainAnswers, readPlainRows } from '../domain/prediction/index.ts';
import type { PredictionService } from './predictions.ts';
import { parseJson, readText } from './read-body.ts';
import { routingKeyOf } from './request-parts.ts';

const describeModel = async (predictions: PredictionService, name: string) => {
  const record = await predictions.getModel(name);
  const live = await predictions.live(name);
  const { champion, canary, shadow } = live.route;
  const face = { model: name, task: record.task, description: record.description, champion, canary, shadow };
  if (champion === undefined) return { ...face, isServing: false };
  const { record: version, signature } = await predictions.describe(name);
  const { columns, classes, positiveClass, threshold, target } = signature;
  return {
    ...face,
    isServing: true,
    version: champion,
    trainer: version.trainer,
    createdAt: version.createdAt,
    metrics: version.metrics,
    signature: { target, columns, classes, positiveClass, threshold },
  };
};

const listModels = async (predictions: PredictionService) => {
  const models = await predictions.listModels();
  return Promise.all(
    models.map(async ({ model, task, description }) => {
      const { champion, canary, shadow } = (await predictions.live(model)).route;
      return { model, task, description, champion, canary, shadow, isServing: champion !== undefined };
    }),
  );
};

/** The dialect a web developer would guess: rows in, predictions out. */
export const addPlainRoutes = (
  app: Hono,
  options: { readonly predictions: PredictionService; readonly maxBytes: number },
): void => {
  const { predictions, maxBytes } = options;

  app.post('/models/:model/predict', async (context) => {
    const body = parseJson(await readText(context.req.raw, maxBytes));
    const rows = readPlainRows(body, { maxRows: predictions.maxRows });
    const answer = await predictions.predict({
      model: context.req.param('model'),
      rows,
      ...routingKeyOf(context.req.raw),
    });
    return context.json({
      predictions: plainAnswers(answer.predictions, answer.signature, answer.predictionIds),
      model: answer.model,
      version: answer.version,
    });
  });

  app.post('/models/:model/labels', async (context) => {
    const body = parseJson(await readText(context.req.raw, maxBytes));
    return context.json(await predictions.postLabels(context.req.param('model'), body), 202);
  });

  app.get('/models', async (context) => context.json({ models: await listModels(predictions) }));
  app.get('/models/:model', async (context) =>
    context.json(await describeModel(predictions, context.req.param('model'))),
  );
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/ping', (context) => context.body(null, 200));
};
