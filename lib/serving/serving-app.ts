import { Hono, type MiddlewareHandler } from 'hono';
import { answerFaults } from './answer-faults.ts';
import { type ErrorLog, type PublicError, publicError } from './http-errors.ts';
import { addOpenInferenceRoutes } from './open-inference-routes.ts';
import { addPlainRoutes } from './plain-routes.ts';
import type { PredictionService } from './predictions.ts';

export interface ServingOptions {
  readonly predictions: PredictionService;
  /** Takes what went wrong on our side. */
  readonly log: ErrorLog;
  readonly newReference: () => string;
  /** Larger bodies are refused unread. @default 5000000, under every limit on the way to a Lambda */
  readonly maxBytes?: number;
  /** Lets a request through or throws, before anything of it is read. @default - everybody may ask */
  readonly guard?: MiddlewareHandler;
  /** @default '0' */
  readonly productVersion?: string;
}

/** Each dialect tells an error in its own shape; all of them are application/json. */
export const errorResponse = (path: string, { status, code, message, issues }: PublicError): Response => {
  const isOpenInference = path === '/v2' || path.startsWith('/v2/');
  return Response.json(isOpenInference ? { error: message } : { error: { code, message, issues } }, {
    status,
    headers: status === 401 ? { 'www-authenticate': 'Bearer realm="millrace"' } : {},
  });
};

/** Every dialect in one app, which a laptop, a container and a Lambda serve alike. */
export const servingApp = (options: ServingOptions): Hono => {
  const { predictions, log, newReference, guard, maxBytes = 5_000_000, productVersion = '0' } = options;
  const app = new Hono();
  if (guard !== undefined) app.use(guard);

  addPlainRoutes(app, { predictions, maxBytes });
  addOpenInferenceRoutes(app, { predictions, maxBytes, productVersion });

  answerFaults(app, (context, fault) =>
    errorResponse(context.req.path, publicError(fault, { log, newReference })),
  );
  return app;
};
