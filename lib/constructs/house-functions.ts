import { Construct } from 'constructs';
import { type FunctionName, functionNames } from '../wire/functions.ts';
import type { Settings } from '../wire/settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import { HouseFunction } from './house-function.ts';
import type { HouseKey } from './house-key.ts';

/** Those that events reach: nobody waits for their answer, so what fails for good must be kept somewhere. */
const sentEvents: readonly FunctionName[] = [
  'receive-object',
  'end-run',
  'watch-models',
  'decide-retraining',
];

/** Those whose work is done in DuckDB, and told how much memory it may take. */
const withDataEngine: readonly FunctionName[] = ['prepare-dataset', 'evaluate-model', 'watch-models'];

/** Those X-Ray does not follow, and why. */
const untraced: Partial<Record<FunctionName, string>> = {
  'serve-predictions':
    'at 100,000 predictions a day traces would be half of the bill; its log and the access log have the milliseconds and the fault of each request',
};

/** DuckDB takes up to two thirds more than it is told: at half, a sixth is left for Node itself. */
const dataEngineShare = 0.5;

export interface HouseFunctionsProps {
  readonly settings: Settings;
  readonly bundlesFolder: string;
  readonly deadLetters: DeadLetters;
  readonly key?: HouseKey | undefined;
}

/** Every function of the table in `lib/wire/functions.ts` that the stage's front door has a use for. */
export class HouseFunctions extends Construct {
  readonly #functions: ReadonlyMap<FunctionName, HouseFunction>;

  constructor(scope: Construct, id: string, props: HouseFunctionsProps) {
    super(scope, id);
    const { deadLetters, ...rest } = props;
    const hasPages = props.settings.frontDoor.kind === 'http-api';
    const made = functionNames
      .filter((name) => hasPages || name !== 'serve-console')
      .map((name) => {
        const isSentEvents = sentEvents.includes(name);
        const fn = new HouseFunction(this, name, {
          ...rest,
          name,
          untracedBecause: untraced[name],
          ...(isSentEvents && { deadLetters }),
        });
        if (withDataEngine.includes(name))
          fn.tell('dataEngineMemoryMb', String(Math.floor(fn.memoryMb * dataEngineShare)));
        return [name, fn] as const;
      });
    this.#functions = new Map(made);
  }

  of(name: FunctionName): HouseFunction {
    const fn = this.find(name);
    if (fn === undefined) throw new Error(`this stage has no function ${name}`);
    return fn;
  }

  find(name: FunctionName): HouseFunction | undefined {
    return this.#functions.get(name);
  }
}
