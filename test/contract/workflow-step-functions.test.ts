import { stepFunctionsWorkflow } from '../../lib/adapters/aws/step-functions-workflow.ts';
import { fixedClock } from '../support/index.ts';
import { FakeStepFunctions } from './fake-step-functions.ts';
import { workflowContract } from './workflow-contract.ts';

workflowContract('Step Functions', async () => {
  const stepFunctions = new FakeStepFunctions();
  const workflow = stepFunctionsWorkflow({
    machineArnPrefix: stepFunctions.prefix,
    client: stepFunctions.client,
    clock: fixedClock(),
  });
  const finished = async (executionId: string) => {
    for (;;) {
      const execution = await workflow.describe(executionId);
      if (execution.status !== 'RUNNING') return execution;
    }
  };
  return {
    workflow,
    tokenOf: async (executionId) => stepFunctions.tokenOf(executionId),
    finished,
    remove: async () => stepFunctions.client.destroy(),
  };
});
