import type { Command } from 'commander';
import * as z from 'zod';
import { type Place, placeOf } from './place.ts';
import type { Desk, Surroundings } from './surroundings.ts';

const Global = z.object({ json: z.boolean().optional() });

/** The options every command has. */
export const globalOf = (command: Command): { readonly place: Place; readonly isJson: boolean } => ({
  place: placeOf(command),
  isJson: Global.parse(command.optsWithGlobals()).json === true,
});

/** Says the same twice over: as text for people, or with --json as data for programs. Nothing else goes to stdout. */
export const say = (
  command: Command,
  surroundings: Pick<Surroundings, 'out'>,
  answer: { readonly data: unknown; readonly text: () => string },
): void => {
  const { isJson } = globalOf(command);
  surroundings.out(isJson ? `${JSON.stringify(answer.data, null, 2)}\n` : answer.text());
};

/** Opens the home or the deployed stage, works, and closes it whatever happens. */
export const atDesk = async (
  command: Command,
  surroundings: Surroundings,
  work: (desk: Desk) => Promise<void>,
): Promise<void> => {
  const desk = await surroundings.openDesk(placeOf(command));
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
};

/** Under whose name a decision is kept: the one given, else who AWS says is asking, else the user of this machine. */
export const deciderOf = async (
  given: string | undefined,
  desk: Pick<Desk, 'caller'>,
  surroundings: Pick<Surroundings, 'user'>,
): Promise<string> => given ?? (await desk.caller?.()) ?? surroundings.user();
