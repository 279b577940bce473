import { dayName } from './calendar.ts';
import { brief, readable } from './readable.ts';

/** What goes on is shown where nothing else was for so long. */
const quietMs = 1200;

export interface Promised {
  readonly name: string;
  readonly isKept: boolean;
  readonly numbers: string;
}

/**
 * Tells the drill while it goes on, in its own time, and keeps what is asked at its end: the timeline and the promises.
 * A promise that throws is broken, and the drill goes on: one run shows all that do not hold.
 */
export const makeStory = (options: {
  readonly now: () => number;
  readonly write: (text: string) => void;
}) => {
  const { now, write } = options;
  const startedAt = performance.now();
  const timeline: string[] = [];
  const promises: Promised[] = [];
  const accounts: string[] = [];
  const names = new Map<string, string>();
  const told = (text: string): string => brief(readable(text, names));
  let shownAt = startedAt;
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s`;
  const line = (text: string) => {
    shownAt = performance.now();
    write(`${elapsed()}  ${dayName(now())}  ${told(text)}\n`);
  };

  return {
    chapter: (title: string): void => write(`\n${elapsed()}  ${title}\n`),
    /** How people call a batch. */
    nameBatch: (batchId: string, name: string): void => {
      names.set(batchId, name);
    },
    /** As people read it: moments to the hour, batches by their names, the first reasons of many. */
    told,
    /** Something that goes on: shown, and forgotten. */
    note: (text: string): void => line(`  ${text}`),
    /** How far something is that takes long: shown now and then. */
    progress: (text: string): void => {
      if (performance.now() - shownAt > quietMs) line(`    ${text}`);
    },
    /** Something that happened: shown, and part of the timeline. */
    happened: (text: string): void => {
      line(`● ${text}`);
      timeline.push(`${dayName(now())}  ${told(text)}`);
    },
    /** Checks a promise: `numbers` says what was seen, kept or not. */
    promise: async (
      name: string,
      check: () => Promise<readonly [isKept: boolean, numbers: string]>,
    ): Promise<void> => {
      const [isKept, numbers] = await check().catch((error: unknown): readonly [boolean, string] => [
        false,
        error instanceof Error ? error.message : String(error),
      ]);
      promises.push({ name, isKept, numbers: told(numbers) });
      line(`${isKept ? '✓' : '✗'} ${name} (${numbers})`);
    },
    /** A line of the accounts at the end. */
    account: (...lines: readonly string[]): void => {
      accounts.push(lines.map(told).join('\n                         '));
    },
    accounts: (): readonly string[] => accounts,
    timeline: (): readonly string[] => timeline,
    promises: (): readonly Promised[] => promises,
    elapsedSeconds: (): number => (performance.now() - startedAt) / 1000,
  };
};
export type Story = ReturnType<typeof makeStory>;
