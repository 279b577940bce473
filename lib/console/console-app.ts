import { Hono } from 'hono';
import { type ErrorLog, publicError } from '../serving/http-errors.ts';
import { versionOf } from '../serving/request-parts.ts';
import { MillraceError } from '../wire/errors.ts';
import { addApprovalRoutes } from './approval-routes.ts';
import { driftResponse } from './drift-pages.ts';
import { homePage } from './home-page.ts';
import { html } from './html.ts';
import { modelPage } from './model-page.ts';
import { pageResponse, reportResponse } from './page.ts';
import { runPage } from './run-page.ts';
import type { ConsoleServices } from './services.ts';

const report = async (model: string, versionText: string, services: ConsoleServices): Promise<Response> => {
  const { version = 0 } = versionOf(versionText);
  const { files } = await services.registry.getVersion(model, version);
  if (files.report === undefined)
    throw new MillraceError('ADDRESS_UNKNOWN', `version ${version} of "${model}" has no report`);
  return reportResponse(new Uint8Array(await services.objects.get(files.report)));
};

/** Whether somebody reads the answer: a browser names text/html, a program does not. */
export const wantsPage = (request: Request): boolean =>
  request.headers.get('accept')?.includes('text/html') ?? false;

const titles: Readonly<Record<number, string>> = {
  400: 'That does not fit',
  403: 'Not from here',
  404: 'Not found',
  409: 'Somebody was first',
  410: 'Too late',
  413: 'Too large',
  503: 'Not ready',
};

/** An error as a page for people. */
export const errorPage = (
  face: { readonly status: number; readonly message: string },
  { isAlone = false }: { readonly isAlone?: boolean } = {},
): Response => {
  const title = titles[face.status] ?? 'Something went wrong';
  const body = html`<h1>${title}</h1><p>${face.message}</p>${!isAlone && html`<p><a href="/">Back to the models</a></p>`}`;
  return pageResponse({ title, body, status: face.status, isAlone });
};

/** The pages people see. Everything is drawn on the server; nothing runs in the browser. */
export const consoleApp = (
  services: ConsoleServices,
  errors: { readonly log: ErrorLog; readonly newReference: () => string },
): Hono => {
  const app = new Hono();
  app.get('/', async () => pageResponse(await homePage(services)));
  app.get('/models/:model', async (context, next) => {
    // The same address answers programs with JSON, from the serving app.
    if (!wantsPage(context.req.raw)) return next();
    return pageResponse(
      await modelPage(context.req.param('model'), services, new URL(context.req.url).origin),
    );
  });
  app.get('/models/:model/versions/:version/report', (context) =>
    report(context.req.param('model'), context.req.param('version'), services),
  );
  app.get('/models/:model/drift', (context) =>
    driftResponse(context.req.param('model'), undefined, services),
  );
  app.get('/models/:model/windows/:end/drift', (context) =>
    driftResponse(context.req.param('model'), context.req.param('end'), services),
  );
  app.get('/runs/:id', async (context) => pageResponse(await runPage(context.req.param('id'), services)));
  addApprovalRoutes(app, services);

  app.onError((error, context) => {
    const face = publicError(error, errors);
    if (wantsPage(context.req.raw)) return errorPage(face);
    const { status, code, message, issues } = face;
    return Response.json({ error: { code, message, issues } }, { status });
  });
  return app;
};
