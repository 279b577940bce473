import { AspectPriority, Aspects, CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Captures } from '../constructs/captures.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { Events } from '../constructs/events.ts';
import { FrontDoor } from '../constructs/front-door.ts';
import { HouseDashboard } from '../constructs/house-dashboard.ts';
import { HouseFunctions } from '../constructs/house-functions.ts';
import { HouseKey } from '../constructs/house-key.ts';
import { HouseMachine } from '../constructs/house-machine.ts';
import { HouseSecret } from '../constructs/house-secret.ts';
import { machineArnPrefix } from '../constructs/machine-arns.ts';
import { Monitoring } from '../constructs/monitoring.ts';
import { MonthlyBudget } from '../constructs/monthly-budget.ts';
import { NothingBillsByTheHour } from '../constructs/nothing-bills-by-the-hour.ts';
import { ObjectBuckets } from '../constructs/object-buckets.ts';
import { PeopleTopic } from '../constructs/people-topic.ts';
import { RegistryTable } from '../constructs/registry-table.ts';
import { StackAlarms } from '../constructs/stack-alarms.ts';
import { StateMachines } from '../constructs/state-machines.ts';
import { TrainingRole } from '../constructs/training-role.ts';
import { machineNames, outputNames, stackNameOf, tagsOf } from '../wire/names.ts';
import { keepsData, type Settings } from '../wire/settings.ts';
import { grantAll, type House } from './grants.ts';

export interface MillraceStackProps {
  readonly settings: Settings;
  /** Holds a folder for each bundle, as `npm run build` makes them. */
  readonly bundlesFolder: string;
  /** What runs record as the code that ran them. */
  readonly codeVersion: string;
}

/** A stage: everything the loop needs in one account and region. */
export class MillraceStack extends Stack {
  constructor(scope: Construct, props: MillraceStackProps) {
    super(scope, stackNameOf(props.settings.stage), stackPropsOf(props.settings));
    const { settings, bundlesFolder } = props;

    const key = settings.customerManagedKey ? new HouseKey(this, 'Key', { settings }) : undefined;
    const buckets = new ObjectBuckets(this, 'Objects', { settings, key });
    const registry = new RegistryTable(this, 'Registry', { settings, key });
    const deadLetters = new DeadLetters(this, 'DeadLetters', { settings, key });
    const people = new PeopleTopic(this, 'People', { settings, deadLetters, key });
    const captures = new Captures(this, 'Captured', { settings, buckets, key });
    const secret = new HouseSecret(this, 'Secret', { settings });
    const monitoring = new Monitoring(this, 'Monitoring', { settings });

    const functions = new HouseFunctions(this, 'Functions', { settings, bundlesFolder, deadLetters, key });
    const trainingRole = new TrainingRole(this, 'TrainingJobs', { buckets, key });
    const machines = new StateMachines(this, 'Machines', { settings });
    for (const name of machineNames)
      new HouseMachine(machines, name, { name, settings, functions, trainingRole, key });
    const frontDoor = new FrontDoor(this, 'FrontDoor', { settings, functions, key });

    const { codeVersion } = props;
    const { trainerImage, stuckAfterHours, monitorEveryHours } = settings;
    const house = {
      functions,
      buckets,
      registry,
      machines,
      people,
      secret,
      captures,
      monitoring,
      trainingRole,
    };
    grantAll({ ...house, frontDoor, codeVersion, trainerImage, stuckAfterHours, monitorEveryHours });
    this.#listen(new Events(this, 'Events', { settings, deadLetters }), settings, house);

    new StackAlarms(this, 'Alarms', { settings, frontDoor, deadLetters, people });
    if (settings.dashboard) new HouseDashboard(this, 'Overview', { settings, frontDoor, deadLetters });
    if (settings.monthlyBudgetUsd !== undefined)
      new MonthlyBudget(this, 'Budget', { settings, limitUsd: settings.monthlyBudgetUsd });

    this.#tellAddresses({ ...house, frontDoor, deadLetters }, settings);
    for (const [name, value] of Object.entries(tagsOf(settings.stage))) Tags.of(this).add(name, value);
    Aspects.of(this).add(new NothingBillsByTheHour(), { priority: AspectPriority.READONLY });
  }

  #listen(
    events: Events,
    { monitorEveryHours }: Settings,
    { functions, buckets, machines }: Pick<House, 'functions' | 'buckets' | 'machines'>,
  ): void {
    const controller = functions.of('decide-retraining');
    events.onObjectDropped(buckets, functions.of('receive-object'));
    events.onAlarm(controller);
    events.onExecutionStoppedBadly(machines, functions.of('end-run'));
    events.onRunEnded(machines, controller);
    events.everyHours(monitorEveryHours, 'watch-models', functions.of('watch-models'));
    // Cool-downs and leases run out without an event, and so does whatever somebody died over: 730 short calls a month, $0.01.
    events.everyHours(1, 'decide-retraining', controller);
  }

  #tellAddresses(
    {
      buckets,
      registry,
      people,
      frontDoor,
      deadLetters,
    }: Pick<House, 'buckets' | 'registry' | 'people' | 'frontDoor'> & { readonly deadLetters: DeadLetters },
    { stage }: Settings,
  ): void {
    const addresses: Record<keyof typeof outputNames, string | undefined> = {
      dataBucket: buckets.data.bucketName,
      artifactBucket: buckets.artifacts.bucketName,
      captureBucket: buckets.captures.bucketName,
      table: registry.table.tableName,
      topicArn: people.topic.topicArn,
      machineArnPrefix: machineArnPrefix(this, stage),
      endpointUrl: frontDoor.url,
      consoleUrl: frontDoor.consoleUrl,
      deadLetterQueueUrl: deadLetters.queue.queueUrl,
    };
    for (const [name, value] of Object.entries(addresses))
      if (value !== undefined) new CfnOutput(this, outputNames[name as keyof typeof outputNames], { value });
  }
}

const stackPropsOf = (settings: Settings): StackProps => {
  const { stage, account, region } = settings;
  return {
    stackName: stackNameOf(stage),
    description: `Millrace, stage ${stage}: from a dropped file to a served, approved, monitored model`,
    terminationProtection: keepsData(settings),
    env: { ...(account !== undefined && { account }), ...(region !== undefined && { region }) },
  };
};
