import { Construct } from 'constructs';
import type { MachineName } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseFunction } from './house-function.ts';
import { becauseExecutions, executionArns, machineArnPrefix } from './machine-arns.ts';

/** What functions may do with machines. By name throughout, because a machine refers to the functions it calls. */
export class StateMachines extends Construct {
  readonly #stage: string;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    this.#stage = settings.stage;
  }

  arnOf(name: MachineName): string {
    return `${machineArnPrefix(this, this.#stage)}${name}`;
  }

  /** Lets start executions, and look at the one that has the name already. */
  grantStart(fn: HouseFunction, ...names: readonly MachineName[]): void {
    this.#allow(fn, ['states:StartExecution'], names);
    fn.allow({
      actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
      resources: names.map((name) => executionArns(this, this.#stage, name)),
      because: becauseExecutions,
    });
  }

  /**
   * Lets answer a task that waits for its token. AWS asks for the right on the machine that waits, though its reference
   * knows no resource for these actions: https://github.com/aws/aws-cdk/pull/8486
   */
  grantAnswer(fn: HouseFunction, ...names: readonly MachineName[]): void {
    this.#allow(fn, ['states:SendTaskSuccess', 'states:SendTaskFailure'], names);
  }

  #allow(fn: HouseFunction, actions: readonly string[], names: readonly MachineName[]): void {
    this.#tellPrefix(fn);
    fn.allow({ actions, resources: names.map((name) => this.arnOf(name)) });
  }

  #tellPrefix(fn: HouseFunction): void {
    fn.tell('machineArnPrefix', machineArnPrefix(this, this.#stage));
  }
}
