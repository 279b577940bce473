import type { Command } from 'commander';
import type { LeavingPlan } from '../../cloud/leaving/plan.ts';
import { MillraceError } from '../../wire/errors.ts';
import { requireStage } from '../place.ts';
import { say } from '../report.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

interface DestroyOptions {
  readonly yes?: boolean;
  readonly export?: string;
}

/** What holds something, or has an address that others know; the rest is counted. */
const isWorthNaming = (type: string): boolean =>
  /^AWS::(S3::Bucket|DynamoDB::\w*Table|KMS::Key|ApiGatewayV2::Api)$/.test(type);

const staysTextOf = ({ stays, keepsSecret, secretParameter }: LeavingPlan): string => {
  const secret = keepsSecret
    ? `${secretParameter} stays too: it keys the hashes in captured data. To remove it: aws ssm delete-parameter --name ${secretParameter}\n`
    : '';
  if (stays.length === 0) return secret;
  const table = renderTable(
    ['what', 'name', 'to remove it'],
    stays.map(({ type, name, removal = '' }) => [type, name, removal]),
  );
  return `\nStays, and is billed for what it holds:\n${table}${secret}`;
};

const planText = (plan: LeavingPlan): string => {
  const { stage, stackName, stackId, goes, laneAlarms, secretParameter, keepsSecret } = plan;
  const staysText = staysTextOf(plan);
  const secret = keepsSecret ? '' : `, ${secretParameter}`;
  if (stackId === undefined)
    return `The stack ${stackName} is gone. Left of stage ${stage}, and removed now: ${laneAlarms.length} alarms of models${secret}\n${staysText}`;
  const named = goes.filter(({ type }) => isWorthNaming(type));
  const table = renderTable(
    ['what', 'name'],
    named.map(({ type, name }) => [
      type === 'AWS::S3::Bucket' ? `${type}, every object and version` : type,
      name,
    ]),
  );
  return [
    `Goes for good with the stack ${stackName}:\n${table}`,
    `and ${goes.length - named.length} functions, machines, roles, rules and the like, ${laneAlarms.length} alarms of models${secret}\n`,
    staysText === ''
      ? '\nNothing stays but the CDK bootstrap stack (CDKToolkit), which other apps share.\n'
      : staysText,
  ].join('');
};

const confirm = async (stage: string, { yes }: DestroyOptions, surroundings: Surroundings): Promise<void> => {
  if (yes === true) return;
  const answer = await surroundings.ask(`Type the stage's name (${stage}) to destroy it: `);
  if (answer === undefined)
    throw new MillraceError('USAGE_WRONG', 'nobody is at the keyboard to confirm, expected --yes');
  if (answer.trim() !== stage)
    throw new MillraceError('USAGE_WRONG', `"${answer.trim()}" is not "${stage}": nothing was destroyed`);
};

/** `destroy`: leaves an account, and says what stays. */
export const addDestroyCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('destroy')
    .description(
      'Delete a stage: its stack and what was made at run time. Shows first what goes and what stays.',
    )
    .option('--export <folder>', 'first copy every model version and the whole registry there')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nIt may be called again when it was interrupted: it goes on with what is left.\n\nExample:\n  millrace destroy --stage dev --export ./dev-export',
    )
    .action(async (options: DestroyOptions, command: Command) => {
      const place = requireStage(command);
      const tell = (text: string) => surroundings.err(`${text}\n`);
      const { plan, exportTo, leave } = await surroundings.openLeaving(place);
      surroundings.err(planText(plan));
      if (plan.isProtected)
        throw new MillraceError(
          'STAGE_PROTECTED',
          `the stack "${plan.stackName}" has termination protection`,
        );
      await confirm(place.stage, options, surroundings);
      const exported = options.export === undefined ? undefined : await exportTo(options.export, tell);
      await leave(tell);
      say(command, surroundings, {
        data: { stage: place.stage, exported, stays: plan.stays },
        text: () =>
          `Stage ${place.stage} is gone${plan.stays.length > 0 ? `, what is listed above stays` : ''}.\n`,
      });
    });
};
