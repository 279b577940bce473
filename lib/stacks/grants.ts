import type { Captures } from '../constructs/captures.ts';
import type { FrontDoor } from '../constructs/front-door.ts';
import type { HouseFunctions } from '../constructs/house-functions.ts';
import type { HouseSecret } from '../constructs/house-secret.ts';
import type { Monitoring } from '../constructs/monitoring.ts';
import type { ObjectBuckets } from '../constructs/object-buckets.ts';
import type { PeopleTopic } from '../constructs/people-topic.ts';
import type { RegistryTable } from '../constructs/registry-table.ts';
import type { StateMachines } from '../constructs/state-machines.ts';
import type { TrainingRole } from '../constructs/training-role.ts';

export interface House {
  readonly functions: HouseFunctions;
  readonly buckets: ObjectBuckets;
  readonly registry: RegistryTable;
  readonly machines: StateMachines;
  readonly people: PeopleTopic;
  readonly secret: HouseSecret;
  readonly captures: Captures;
  readonly monitoring: Monitoring;
  readonly trainingRole: TrainingRole;
  readonly frontDoor: FrontDoor;
  readonly codeVersion: string;
  readonly trainerImage?: string | undefined;
  readonly stuckAfterHours: number;
  readonly monitorEveryHours: number;
}

/** From what is dropped to a run. */
const grantCollecting = ({ functions, buckets, registry, machines, people }: House): void => {
  const receiver = functions.of('receive-object');
  buckets.grantRead(receiver, 'incoming', 'labels');
  registry.grantReadWrite(receiver);
  machines.grantStart(receiver, 'collect-batch');
  people.grantPublish(receiver);

  const closer = functions.of('close-batch');
  buckets.grantRead(closer, 'incoming');
  buckets.grantPut(closer, 'sources');
  registry.grantReadWrite(closer);
  // A batch that closed may leave files for the next.
  machines.grantStart(closer, 'collect-batch', 'train-and-promote');
  people.grantPublish(closer);
};

/** From files to a model with its evidence. */
const grantTraining = (house: House): void => {
  const { functions, buckets, registry, trainingRole } = house;
  const preparer = functions.of('prepare-dataset');
  buckets.grantRead(preparer, 'sources', 'golden', 'models');
  buckets.grantPut(preparer, 'datasets', 'quarantine', 'runs');
  house.people.grantPublish(preparer);

  const planner = functions.of('plan-training');
  buckets.grantRead(planner, 'datasets');
  buckets.grantPut(planner, 'runs');
  trainingRole.tellTo(planner);
  if (house.trainerImage !== undefined) planner.tell('trainerImage', house.trainerImage);

  for (const name of ['train-model', 'collect-training-job'] as const) {
    buckets.grantRead(functions.of(name), 'datasets');
    buckets.grantPut(functions.of(name), 'runs');
  }

  const adopter = functions.of('adopt-model');
  buckets.grantRead(adopter, 'sources', 'datasets');
  buckets.grantPut(adopter, 'runs');

  const evaluator = functions.of('evaluate-model');
  buckets.grantRead(evaluator, 'datasets', 'models', 'golden');
  buckets.grantPut(evaluator, 'runs');

  const registrar = functions.of('register-version');
  buckets.grantRead(registrar, 'runs');
  buckets.grantPut(registrar, 'models');

  const makers = [functions.of('train-model'), functions.of('collect-training-job'), adopter, registrar];
  for (const fn of [preparer, planner, evaluator, ...makers]) registry.grantReadWrite(fn);
  for (const fn of makers) fn.tell('codeVersion', house.codeVersion);
};

/** From a version to the one that answers. */
const grantPromotion = (house: House): void => {
  const { functions, buckets, registry, machines, people, secret, monitoring } = house;
  const asker = functions.of('request-approval');
  registry.grantReadWrite(asker);
  machines.grantAnswer(asker, 'train-and-promote');
  people.grantPublish(asker);
  secret.grantUse(asker);
  if (house.frontDoor.consoleUrl !== undefined) asker.tell('consoleUrl', house.frontDoor.consoleUrl);

  const parity = functions.of('check-parity');
  buckets.grantRead(parity, 'models');
  registry.grantRead(parity);

  registry.grantReadWrite(functions.of('shift-traffic'));
  registry.grantRead(functions.of('check-health'));
  monitoring.grantReadMetrics(functions.of('check-health'));
  for (const name of ['finish-run', 'end-run'] as const) {
    registry.grantReadWrite(functions.of(name));
    people.grantPublish(functions.of(name));
  }
  // The golden set of a model's first version is frozen when it serves.
  buckets.grantRead(functions.of('finish-run'), 'runs');
  buckets.grantPut(functions.of('finish-run'), 'golden');
};

/** Watching what serves, and deciding to train again. */
const grantMonitoring = (house: House): void => {
  const { functions, buckets, registry, machines, people, monitoring } = house;
  const watcher = functions.of('watch-models');
  buckets.grantRead(watcher, 'captured', 'models', 'labels', 'datasets');
  buckets.grantPut(watcher, 'labelled', 'quarantine', 'windows');
  buckets.grantDrop(watcher, 'incoming/*/from-labels');
  registry.grantReadWrite(watcher);
  monitoring.grantKeepLaneAlarms(watcher);
  people.grantPublish(watcher);
  watcher.tell('stuckAfterHours', String(house.stuckAfterHours));
  watcher.tell('monitorEveryHours', String(house.monitorEveryHours));

  const controller = functions.of('decide-retraining');
  registry.grantReadWrite(controller);
  monitoring.grantReadAlarms(controller);
  machines.grantStart(controller, 'collect-batch', 'train-and-promote');
  // What others died over: a decision that its run was not told.
  machines.grantAnswer(controller, 'train-and-promote');
  people.grantPublish(controller);
};

/** What callers and people meet. */
const grantServing = (house: House): void => {
  const { functions, buckets, registry, machines, secret, captures, codeVersion } = house;
  const predictions = functions.of('serve-predictions');
  buckets.grantRead(predictions, 'models');
  buckets.grantDrop(predictions, 'labels/*/posted');
  registry.grantRead(predictions);
  captures.grantPut(predictions);
  predictions.tell('codeVersion', codeVersion);
  secret.grantUse(predictions);

  const pages = functions.find('serve-console');
  if (pages === undefined) return;
  buckets.grantRead(pages, 'models', 'windows');
  registry.grantReadWrite(pages);
  machines.grantAnswer(pages, 'train-and-promote');
  secret.grantUse(pages);
};

/** Who may do what, function by function: the one place to read before adding a permission. */
export const grantAll = (house: House): void => {
  grantCollecting(house);
  grantTraining(house);
  grantPromotion(house);
  grantMonitoring(house);
  grantServing(house);
};
