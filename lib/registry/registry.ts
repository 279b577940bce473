import { approvalRegistry } from './approvals.ts';
import { arrivalRegistry } from './arrivals.ts';
import { auditRegistry } from './audit.ts';
import { batchJudgementRegistry } from './batch-judgements.ts';
import type { RegistryContext } from './context.ts';
import { datasetRegistry } from './datasets.ts';
import { goldenSetRegistry } from './golden-sets.ts';
import { keyRegistry } from './keys.ts';
import { labelRegistry } from './labels.ts';
import { realisedWindowRegistry } from './realised-windows.ts';
import { retrainingRegistry } from './retraining.ts';
import { routeRegistry } from './routes.ts';
import { runRegistry } from './runs.ts';
import { specRegistry } from './specs.ts';
import { versionRegistry } from './versions.ts';
import { windowRegistry } from './windows.ts';

/** Everything Millrace remembers, over one record store: written once, the same on a laptop and in the cloud. */
export const registry = (context: RegistryContext) => ({
  ...specRegistry(context),
  ...arrivalRegistry(context),
  ...batchJudgementRegistry(context),
  ...datasetRegistry(context),
  ...runRegistry(context),
  ...versionRegistry(context),
  ...routeRegistry(context),
  ...approvalRegistry(context),
  ...auditRegistry(context),
  ...keyRegistry(context),
  ...windowRegistry(context),
  ...realisedWindowRegistry(context),
  ...goldenSetRegistry(context),
  ...labelRegistry(context),
  ...retrainingRegistry(context),
});
export type Registry = ReturnType<typeof registry>;
