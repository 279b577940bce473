import { Command, Option } from 'commander';
import { addApprovalCommands } from './commands/approvals.ts';
import { addBatchCommands } from './commands/batches.ts';
import { addCostCommand } from './commands/cost.ts';
import { addDataCommands } from './commands/data.ts';
import { addDestroyCommand } from './commands/destroy.ts';
import { addExamineCommands } from './commands/examine.ts';
import { addGoldenCommands } from './commands/golden.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addLabelCommands } from './commands/labels.ts';
import { addModelCommands } from './commands/models.ts';
import { addOperateCommands } from './commands/operate.ts';
import { addPredictCommand } from './commands/predict.ts';
import { addRetrainCommands } from './commands/retrain.ts';
import { addRunCommands } from './commands/runs.ts';
import { addShowCommand } from './commands/show.ts';
import { addSmokeCommand } from './commands/smoke.ts';
import { addStartCommand } from './commands/start.ts';
import type { Surroundings } from './surroundings.ts';

const firstSteps = `
First steps:
  millrace start --example penguins               the whole loop, with data that comes along
  millrace apply model.json                       your own model: { "name": …, "task": …, "target": … }
  millrace drop my-model data.csv                 trains, evaluates, and asks you
  millrace approve my-model --reason "looks good" now it serves
  millrace predict my-model --row '{"column": 1}'

Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad input, 4 not found, 5 conflict, 6 refused or failed, 7 environment.`;

/** The command line. Parsing it calls into `surroundings` and never ends the process by itself. */
export const buildProgram = (surroundings: Surroundings): Command => {
  const program = new Command('millrace')
    .description('From a dropped data file to a checked, approved, served model.')
    .version(surroundings.productVersion(), '-v, --version')
    .option(
      '--home <folder>',
      'where everything is kept (MILLRACE_HOME)',
      surroundings.env.MILLRACE_HOME ?? './.millrace',
    )
    .addOption(
      new Option(
        '--stage <stage>',
        'work on the stack deployed under this name, not on a home (MILLRACE_STAGE)',
      ).default(surroundings.env.MILLRACE_STAGE, ''),
    )
    .option('--region <region>', 'where the stage is (default: AWS_REGION, then your AWS profile)')
    .option('--json', 'answer as JSON, for programs')
    .addHelpText('after', firstSteps)
    .exitOverride()
    .configureOutput({ writeOut: surroundings.out, writeErr: surroundings.err })
    .showSuggestionAfterError()
    .showHelpAfterError('(millrace help shows what there is)');
  addStartCommand(program, surroundings);
  addDataCommands(program, surroundings);
  addBatchCommands(program, surroundings);
  addLabelCommands(program, surroundings);
  addOperateCommands(program, surroundings);
  addModelCommands(program, surroundings);
  addRunCommands(program, surroundings);
  addShowCommand(program, surroundings);
  addApprovalCommands(program, surroundings);
  addPredictCommand(program, surroundings);
  addRetrainCommands(program, surroundings);
  addGoldenCommands(program, surroundings);
  addExamineCommands(program, surroundings);
  addKeyCommands(program, surroundings);
  addCostCommand(program, surroundings);
  addSmokeCommand(program, surroundings);
  addDestroyCommand(program, surroundings);
  inheritSettings(program);
  return program;
};

/** Commander copies settings to commands made by `.command()` only at that moment; ours all want the same. */
const inheritSettings = (command: Command): void => {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
};
