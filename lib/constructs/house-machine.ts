import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { functionNames } from '../wire/functions.ts';
import { type MachineName, machineNames, nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseFunctions } from './house-functions.ts';
import type { HouseKey } from './house-key.ts';
import { houseLogGroup } from './house-log-group.ts';
import { becauseExecutions, executionArns, machineArnPrefix } from './machine-arns.ts';
import { acknowledge, type Permission, permit } from './permissions.ts';
import type { Principal } from './principal.ts';
import type { TrainingRole } from './training-role.ts';

const definitionsFolder = path.resolve(import.meta.dirname, '../../statemachines');

/** `train-model` as state machine files write it: `TrainModel`. */
const placeholderOf = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());

const functionAt = new Map(functionNames.map((name) => [placeholderOf(name), name]));
const machineAt = new Map(machineNames.map((name) => [placeholderOf(name), name]));

export interface HouseMachineProps {
  readonly name: MachineName;
  readonly settings: Settings;
  readonly functions: HouseFunctions;
  readonly trainingRole: TrainingRole;
  readonly key?: HouseKey | undefined;
}

/** One file of statemachines/ as a Step Functions machine, allowed what its states do and no more. */
export class HouseMachine extends Construct implements Principal {
  readonly machineName: MachineName;
  readonly machine: StateMachine;
  readonly role: Role;
  readonly #stage: string;

  constructor(scope: Construct, id: string, props: HouseMachineProps) {
    super(scope, id);
    const { name, settings, key } = props;
    this.machineName = name;
    this.#stage = settings.stage;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const text = readFileSync(path.join(definitionsFolder, `${name}.asl.json`), 'utf8');
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: nameOf(settings.stage, name),
      stateMachineType: StateMachineType.STANDARD,
      // The text itself, not a file to upload: template tests see every state. Without its indentation it is half as long.
      definitionBody: DefinitionBody.fromString(JSON.stringify(JSON.parse(text))),
      definitionSubstitutions: this.#substitutions(text, props),
      role: this.role,
      tracingEnabled: true,
      logs: {
        destination: houseLogGroup(this, name, { settings, key }),
        level: LogLevel.ERROR,
        includeExecutionData: false,
      },
    });
    if (text.includes(':sagemaker:createTrainingJob.sync')) this.#allowTrainingJobs(props.trainingRole);
    key?.grantUse(this);
    acknowledge(this, {
      'AwsSolutions-SF1':
        'errors are logged; every event of every execution is in the history of Step Functions for 90 days, at no price',
      'AwsSolutions-IAM5[Resource::*]':
        'log deliveries and X-Ray know no resources: Step Functions asks for them on *, by the L2 construct',
    });
  }

  allow(permission: Permission): void {
    permit(this, this.role, permission);
  }

  /** Fills in each placeholder of the definition, and allows what it stands for. */
  #substitutions(text: string, { functions }: HouseMachineProps): Record<string, string> {
    const placeholders = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
    return Object.fromEntries([...placeholders].map((name) => [name, this.#resolve(name, functions)]));
  }

  #resolve(placeholder: string, functions: HouseMachineProps['functions']): string {
    const machine = machineAt.get(placeholder);
    if (machine !== undefined) return this.#allowMachine(machine);
    const fn = functionAt.get(placeholder);
    if (fn === undefined)
      throw new Error(
        `statemachines/${this.machineName}.asl.json names \${${placeholder}}, which is no function and no machine`,
      );
    const { functionArn } = functions.of(fn).lambda;
    this.allow({ actions: ['lambda:InvokeFunction'], resources: [functionArn] });
    return functionArn;
  }

  #allowMachine(name: MachineName): string {
    const arn = `${machineArnPrefix(this, this.#stage)}${name}`;
    this.allow({ actions: ['states:StartExecution'], resources: [arn] });
    this.allow({
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executionArns(this, this.#stage, name)],
      because: becauseExecutions,
    });
    this.#allowManagedRule('StepFunctionsGetEventsForStepFunctionsExecutionRule');
    return arn;
  }

  #allowTrainingJobs(trainingRole: TrainingRole): void {
    this.allow({
      actions: [
        'sagemaker:CreateTrainingJob',
        'sagemaker:DescribeTrainingJob',
        'sagemaker:StopTrainingJob',
        // Step Functions marks the job as its own.
        'sagemaker:AddTags',
        'sagemaker:ListTags',
      ],
      resources: [
        Stack.of(this).formatArn({
          service: 'sagemaker',
          resource: 'training-job',
          resourceName: nameOf(this.#stage, '*'),
        }),
      ],
      because: 'training jobs of this stage, named after their run',
    });
    this.allow({
      actions: ['iam:PassRole'],
      resources: [trainingRole.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    this.#allowManagedRule('StepFunctionsGetEventsForSageMakerTrainingJobsRule');
  }

  /** `.sync` tasks are woken by a rule that Step Functions keeps in the account, under a name it chooses. */
  #allowManagedRule(name: string): void {
    this.allow({
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: name })],
    });
  }
}
