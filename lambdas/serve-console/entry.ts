import { approvalApp } from '../../lib/console/approval-app.ts';
import { house } from '../../lib/wire/house.ts';
import { step } from '../answer-http.ts';
import { logError } from '../cloud/log.ts';
import {
  cloudClock,
  cloudIds,
  cloudObjects,
  cloudRecords,
  cloudRegistry,
  cloudSecret,
  cloudWorkflow,
} from '../cloud/services.ts';
import { run as decideApproval } from '../decide-approval/handler.ts';

/** Called by Lambda, for /approvals/* of the HTTP API. */
export const handler = house(step, async () => {
  const registry = cloudRegistry(cloudRecords(process.env));
  const workflow = cloudWorkflow(process.env);
  const objects = cloudObjects(process.env);
  const app = approvalApp(
    {
      registry,
      objects,
      clock: cloudClock,
      approvalSecret: await cloudSecret(process.env),
      decideApproval: (decision) => decideApproval(decision, { registry, workflow }),
    },
    { log: logError, newReference: cloudIds().next },
  );
  return { app };
});
