import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Match, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { machineNames, nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { HouseFunction } from './house-function.ts';
import type { ObjectBuckets } from './object-buckets.ts';
import type { StateMachines } from './state-machines.ts';

export interface EventsProps {
  readonly settings: Settings;
  readonly deadLetters: DeadLetters;
}

const stoppedBadly = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/**
 * What wakes a function. Events come at least once and in any order, so they only say that something may have changed;
 * the function looks for itself. Each rule hands over the whole event.
 */
export class Events extends Construct {
  readonly #stage: string;
  readonly #deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { settings, deadLetters }: EventsProps) {
    super(scope, id);
    this.#stage = settings.stage;
    this.#deadLetters = deadLetters;
  }

  /** Something was dropped: data, a model or its spec, or labels that came late. */
  onObjectDropped(buckets: ObjectBuckets, receiver: HouseFunction): void {
    this.#on('object-dropped', receiver, {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [buckets.data.bucketName] },
        object: { key: [...Match.prefix('incoming/'), ...Match.prefix('labels/')] },
      },
    });
  }

  /** An alarm of this stage changed its state, one of a model's lanes or one of the stack's. */
  onAlarm(receiver: HouseFunction): void {
    this.#on('alarm-changed', receiver, {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: Match.prefix(nameOf(this.#stage, '')) },
    });
  }

  /** An execution of any machine stopped in a way its own states could not put on record. */
  onExecutionStoppedBadly(machines: StateMachines, receiver: HouseFunction): void {
    this.#on('execution-stopped', receiver, {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: machineNames.map((name) => machines.arnOf(name)), status: stoppedBadly },
    });
  }

  /** A run ended, however it ended: there may be something to do that had to wait for it. */
  onRunEnded(machines: StateMachines, receiver: HouseFunction): void {
    this.#on('run-ended', receiver, {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [machines.arnOf('train-and-promote')],
        status: ['SUCCEEDED', ...stoppedBadly],
      },
    });
  }

  everyHours(hours: number, what: string, receiver: HouseFunction): void {
    new Rule(this, what, {
      ruleName: nameOf(this.#stage, what),
      schedule: Schedule.rate(Duration.hours(hours)),
      targets: [this.#target(receiver)],
    });
  }

  #on(what: string, receiver: HouseFunction, eventPattern: EventPattern): void {
    new Rule(this, what, {
      ruleName: nameOf(this.#stage, what),
      eventPattern,
      targets: [this.#target(receiver)],
    });
  }

  /** EventBridge tries a day, as long as it ever does; what it cannot deliver then is kept. */
  #target(receiver: HouseFunction): LambdaFunction {
    return new LambdaFunction(receiver.lambda, {
      deadLetterQueue: this.#deadLetters.queue,
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
    });
  }
}
