import { cloudObjectStore } from '../../adapters/aws/objects-by-prefix.ts';
import { stepFunctionsWorkflow } from '../../adapters/aws/step-functions-workflow.ts';
import { systemClock } from '../../adapters/local/system-clock.ts';
import { MillraceError } from '../../wire/errors.ts';
import { outputNames, stackNameOf } from '../../wire/names.ts';
import { findStack, openAws, outputsOf, type StageName } from '../find-stack.ts';
import { allRecords, type Exported, exportStage } from './export-stage.ts';
import { leaveStage, makeLeavingClients } from './leave-stage.ts';
import { type LeavingPlan, planLeaving } from './plan.ts';

type Tell = (text: string) => void;

/** A stage about to be left: what would happen, and the two things that can. */
export interface OpenLeaving {
  readonly plan: LeavingPlan;
  /** Throws STAGE_UNKNOWN when the stack is gone. */
  readonly exportTo: (folder: string, tell: Tell) => Promise<Exported>;
  readonly leave: (tell: Tell) => Promise<void>;
}

/** Looks a stage over, also one whose deployment or destruction died half-way. */
export const openLeaving = async ({ stage, region }: StageName): Promise<OpenLeaving> => {
  const access = await openAws({ ...(region && { region }) });
  const clients = makeLeavingClients(access.cloudFormation);
  const plan = await planLeaving(stage, clients);
  const stack = await findStack(access, stackNameOf(stage));
  const machineArnPrefix = stack?.Outputs?.find(
    ({ OutputKey }) => OutputKey === outputNames.machineArnPrefix,
  )?.OutputValue;
  const workflow =
    machineArnPrefix === undefined ? {} : { workflow: stepFunctionsWorkflow({ machineArnPrefix }) };
  return {
    plan,
    exportTo: async (folder, tell) => {
      if (stack === undefined)
        throw new MillraceError(
          'STAGE_UNKNOWN',
          `the stack "${plan.stackName}" is gone: nothing is left to export`,
        );
      const outputs = outputsOf(stack);
      return exportStage(folder, {
        objects: cloudObjectStore(outputs),
        records: allRecords(outputs.table),
        tell,
      });
    },
    leave: (tell) => leaveStage(plan, { clients, clock: systemClock, tell, ...workflow }),
  };
};
