import { type FunctionFacts, type FunctionName, functions } from '../../wire/functions.ts';
import { stackAlarms } from '../../wire/names.ts';
import type { Settings } from '../../wire/settings.ts';
import { watchedLanes } from '../lane-alarms/index.ts';
import type { Use } from './bill.ts';

/** AWS's month. */
export const hoursPerMonth = 730;

/** What lies there while nothing happens. */
export interface Kept {
  readonly objectsGb: number;
  readonly tableGb: number;
  readonly logsGb: number;
}

/** A few models of a small team: files, models and captured predictions; records are a few KB a run. */
export const usuallyKept: Kept = { objectsGb: 1, tableGb: 0.01, logsGb: 0.1 };

export interface Team {
  readonly settings: Settings;
  readonly models: number;
  readonly kept: Kept;
}

/** GB-seconds of a function that runs so long, and those of its /tmp beyond the 512 MB that cost nothing. */
export const computeOf = (
  what: string,
  name: FunctionName,
  seconds: number,
  { architecture, functions: overrides }: Settings,
): readonly Use[] => {
  const { memoryMb: usualMb, scratchMb = 512 }: FunctionFacts = functions[name];
  const memoryMb = overrides[name]?.memoryMb ?? usualMb;
  const price = architecture === 'arm64' ? 'lambdaArmGbSecond' : 'lambdaX86GbSecond';
  const scratch = ((scratchMb - 512) / 1024) * seconds;
  return [
    { what, price, units: (memoryMb / 1024) * seconds },
    ...(scratch > 0
      ? [{ what: `${what}: /tmp`, price: 'lambdaScratchGbSecond', units: scratch } as const]
      : []),
  ];
};

/** The monitor looks also while nothing happens: 5 s to start and look around, 3 s a model. */
const monitoring = ({ settings, models }: Team): readonly Use[] => {
  const looks = hoursPerMonth / settings.monitorEveryHours;
  return [
    {
      what: 'monitor: how long ago data came, a metric in the hours it is written',
      price: 'customMetric',
      units: models / settings.monitorEveryHours,
    },
    { what: 'monitor: its runs', price: 'lambdaRequest', units: looks },
    ...computeOf('monitor: its computing', 'watch-models', looks * (5 + 3 * models), settings),
    { what: 'monitor: reads of the registry', price: 'tableRead', units: looks * 50 * models },
    { what: 'monitor: writes to the registry', price: 'tableWrite', units: looks * 5 * models },
    { what: 'monitor: requests to S3', price: 'objectWrite', units: looks * 10 * models },
    { what: 'controller: looks every hour', price: 'lambdaRequest', units: hoursPerMonth },
    ...computeOf('controller: its computing', 'decide-retraining', hoursPerMonth * 1, settings),
    { what: 'controller: reads of the registry', price: 'tableRead', units: hoursPerMonth * 10 * models },
    { what: 'controller: its log', price: 'logIngestGb', units: hoursPerMonth / 2 ** 20 },
    { what: 'monitor and controller: traces', price: 'trace', units: looks + hoursPerMonth },
    { what: 'monitor: its log', price: 'logIngestGb', units: (looks * 20) / 2 ** 20 },
  ];
};

/** A month in which nobody drops, decides or asks anything. */
export const usesAsleep = (team: Team): readonly Use[] => {
  const { settings, models, kept } = team;
  return [
    { what: 'alarms of the stack', price: 'alarm', units: stackAlarms.length },
    { what: 'alarms of the models', price: 'alarm', units: watchedLanes.length * models },
    ...(settings.customerManagedKey
      ? [{ what: 'customer-managed key', price: 'customerKey', units: 1 } as const]
      : []),
    ...(settings.dashboard ? [{ what: 'dashboard', price: 'dashboard', units: 1 } as const] : []),
    { what: 'objects in S3', price: 'objectStorageGb', units: kept.objectsGb },
    { what: 'registry', price: 'tableStorageGb', units: kept.tableGb },
    { what: 'registry: point-in-time recovery', price: 'tableBackupGb', units: kept.tableGb },
    { what: 'logs kept', price: 'logStorageGb', units: kept.logsGb },
    ...(settings.trainerImage === undefined
      ? []
      : [{ what: 'image of the trainer in ECR', price: 'imageStorageGb', units: 0.5 } as const]),
    ...monitoring(team),
  ];
};
