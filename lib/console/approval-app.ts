import { Hono } from 'hono';
import { answerFaults } from '../serving/answer-faults.ts';
import { onlyOwnPagesChange } from '../serving/guards.ts';
import { type ErrorLog, publicError } from '../serving/http-errors.ts';
import { addApprovalRoutes } from './approval-routes.ts';
import { errorPage, wantsPage } from './console-app.ts';
import type { ApprovalServices } from './services.ts';

/** The pages of approvals alone, for people who come by a signed link and have no other way in. */
export const approvalApp = (
  services: Omit<ApprovalServices, 'isAlone'>,
  errors: { readonly log: ErrorLog; readonly newReference: () => string },
): Hono => {
  const app = new Hono();
  app.use(onlyOwnPagesChange);
  addApprovalRoutes(app, { ...services, isAlone: true });

  const fail = (request: Request, error: unknown): Response => {
    const face = publicError(error, errors);
    if (wantsPage(request)) return errorPage(face, { isAlone: true });
    const { status, code, message, issues } = face;
    return Response.json({ error: { code, message, issues } }, { status });
  };
  answerFaults(app, (context, fault) => fail(context.req.raw, fault));
  return app;
};
