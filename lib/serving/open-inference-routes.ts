import type { Context, Hono } from 'hono';
import {
  type OpenInferenceTensor,
  openInferenceMetadata,
  openInferenceOutputs,
  readOpenInferenceRequest,
} from '../domain/prediction/index.ts';
import { MillraceError } from '../wire/errors.ts';
import type { PredictionService } from './predictions.ts';
import { parseJson, readText } from './read-body.ts';
import { routingKeyOf, versionOf } from './request-parts.ts';

/** The header of the binary tensor extension. Until it is read here, such a body must not be taken for JSON. */
const binaryHeader = 'inference-header-content-length';

const refuseBinary = (request: Request): void => {
  if (request.headers.has(binaryHeader))
    throw new MillraceError(
      'REQUEST_MALFORMED',
      'the body carries binary tensors, which are not read here yet: send JSON (in tritonclient: binary_data=False)',
    );
};

const pick = (
  outputs: readonly OpenInferenceTensor[],
  names: readonly string[] | undefined,
): readonly OpenInferenceTensor[] =>
  names === undefined
    ? outputs
    : names.map((name) => {
        const output = outputs.find((one) => one.name === name);
        if (output !== undefined) return output;
        const known = outputs.map((one) => one.name).join(', ');
        throw new MillraceError('REQUEST_MALFORMED', `there is no output "${name}", expected ${known}`);
      });

const parts = (context: Context) => ({
  model: context.req.param('model') ?? '',
  ...versionOf(context.req.param('version')),
});

const metadata = async (predictions: PredictionService, context: Context) => {
  const { model, version } = parts(context);
  const { live, signature } = await predictions.describe(model, version);
  const { champion, canary, formerChampions } = live.route;
  const versions = [champion, canary?.version, ...formerChampions].filter((one) => one !== undefined);
  return context.json({
    name: model,
    versions: versions.map(String),
    platform: 'onnx_onnxv1',
    ...openInferenceMetadata(signature),
  });
};

const infer = async (predictions: PredictionService, context: Context, maxBytes: number) => {
  const { model, version } = parts(context);
  refuseBinary(context.req.raw);
  const body = parseJson(await readText(context.req.raw, maxBytes));
  const request = readOpenInferenceRequest(body, { maxRows: predictions.maxRows });
  const answer = await predictions.predict({
    model,
    rows: request.rows,
    ...(version === undefined ? {} : { version }),
    ...routingKeyOf(context.req.raw),
  });
  const outputs = openInferenceOutputs(answer.predictions, answer.signature, answer.predictionIds);
  return context.json({
    model_name: answer.model,
    model_version: String(answer.version),
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs: pick(outputs, request.outputs),
  });
};

/** The Open Inference Protocol, version 2, in JSON: what KServe, Triton, MLServer and Seldon clients speak. */
export const addOpenInferenceRoutes = (
  app: Hono,
  options: {
    readonly predictions: PredictionService;
    readonly maxBytes: number;
    readonly productVersion: string;
  },
): void => {
  const { predictions, maxBytes, productVersion } = options;
  app.get('/v2', (context) => context.json({ name: 'millrace', version: productVersion, extensions: [] }));
  app.get('/v2/health/live', (context) => context.json({ live: true }));
  app.get('/v2/health/ready', async (context) => {
    await predictions.listModels();
    return context.json({ ready: true, live: true });
  });
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(path, (context) => metadata(predictions, context));
    app.get(`${path}/ready`, async (context) => {
      const { model, version } = parts(context);
      await predictions.describe(model, version);
      return context.json({ name: model, ready: true });
    });
    app.post(`${path}/infer`, (context) => infer(predictions, context, maxBytes));
  }
};
