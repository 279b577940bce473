import { Hono } from 'hono';
import { answerFaults } from '../serving/answer-faults.ts';
import { onlyKnownHosts, onlyOwnPagesChange } from '../serving/guards.ts';
import { publicError } from '../serving/http-errors.ts';
import { errorResponse, type ServingOptions, servingApp } from '../serving/serving-app.ts';
import { consoleApp, errorPage, wantsPage } from './console-app.ts';
import type { ConsoleServices } from './services.ts';

export interface LaptopAppOptions extends ServingOptions {
  readonly console: ConsoleServices;
  /** The host the server was told to listen on. @default - only the machine's own names are answered */
  readonly host?: string;
}

/** Pages and predictions on one port, for the machine's own people. */
export const laptopApp = (options: LaptopAppOptions): Hono => {
  const { log, newReference } = options;
  const app = new Hono();
  app.use(onlyKnownHosts(options.host));
  app.use(onlyOwnPagesChange);
  app.route('/', consoleApp(options.console, { log, newReference }));
  app.route('/', servingApp(options));

  const fail = (request: Request, error: unknown): Response => {
    const face = publicError(error, { log, newReference });
    return wantsPage(request) ? errorPage(face) : errorResponse(new URL(request.url).pathname, face);
  };
  answerFaults(app, (context, fault) => fail(context.req.raw, fault));
  return app;
};
