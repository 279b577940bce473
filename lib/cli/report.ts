import type { Command } from 'commander';
import * as z from 'zod';
import type { Desk, Surroundings } from './surroundings.ts';

const Global = z.object({ home: z.string(), json: z.boolean().optional() });

/** The options every command has. */
export const globalOf = (command: Command): { readonly home: string; readonly isJson: boolean } => {
  const { home, json } = Global.parse(command.optsWithGlobals());
  return { home, isJson: json === true };
};

/** Says the same twice over: as text for people, or with --json as data for programs. Nothing else goes to stdout. */
export const say = (
  command: Command,
  surroundings: Pick<Surroundings, 'out'>,
  answer: { readonly data: unknown; readonly text: () => string },
): void => {
  const { isJson } = globalOf(command);
  surroundings.out(isJson ? `${JSON.stringify(answer.data, null, 2)}\n` : answer.text());
};

/** Opens the home, works, and closes it whatever happens. */
export const atDesk = async (
  command: Command,
  surroundings: Surroundings,
  work: (desk: Desk) => Promise<void>,
): Promise<void> => {
  const desk = await surroundings.openDesk(globalOf(command).home);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
};
