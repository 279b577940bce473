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
   * Lets answer a task that waits for its token. SendTaskSuccess and SendTaskFailure know no resource type, so that a
   * statement which names the machine allows nothing; the token, which nobody can guess, is what keeps others out.
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
   */
  grantAnswer(fn: HouseFunction, ...names: readonly MachineName[]): void {
    this.#tellPrefix(fn);
    fn.allow({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      resources: ['*'],
      because: `a task token names no resource a policy could: whoever holds one of ${names.join(', ')} may answer it`,
    });
  }

  #allow(fn: HouseFunction, actions: readonly string[], names: readonly MachineName[]): void {
    this.#tellPrefix(fn);
    fn.allow({ actions, resources: names.map((name) => this.arnOf(name)) });
  }

  #tellPrefix(fn: HouseFunction): void {
    fn.tell('machineArnPrefix', machineArnPrefix(this, this.#stage));
  }
}
