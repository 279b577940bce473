import { GoldenSet } from '../domain/golden/index.ts';
import { keys, lists } from '../domain/registry/index.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, untilWon } from './records.ts';

export type NewGoldenSet = Omit<GoldenSet, 'at'>;

const recordGoldenSet = async (
  context: RegistryContext,
  request: NewGoldenSet,
): Promise<{ readonly isNew: boolean; readonly goldenSet: GoldenSet }> => {
  const { model, revision, by, why, rows, sha256, from } = request;
  const key = keys.goldenSet(model, revision);
  const existing = await find(context.records, key, GoldenSet);
  if (existing) return { isNew: false, goldenSet: existing.body };
  const goldenSet: GoldenSet = { ...request, at: nowOf(context) };
  const action = revision === 1 ? 'golden-set-frozen' : 'golden-set-refreshed';
  await context.records.transact([
    { ...key, body: toBody(goldenSet), condition: 'absent' },
    auditWrite(context, { model, action, by, why, details: { revision, rows, sha256, from } }),
  ]);
  return { isNew: true, goldenSet };
};

/** Trusted rows by which challengers are judged. Revisions are never changed; the newest is the one in force. */
export const goldenSetRegistry = (context: RegistryContext) => ({
  /** Keeps a revision once, with its line of audit; recorded again it stays as it was first, and `isNew` is false. */
  recordGoldenSet: (request: NewGoldenSet) => untilWon(() => recordGoldenSet(context, request)),

  /** The revision in force; `undefined` where nothing was frozen yet. */
  latestGoldenSet: async (model: string): Promise<GoldenSet | undefined> => {
    const [latest] = await listAll(
      context.records,
      { partition: lists.goldenSets(model), direction: 'descending', limit: 1 },
      GoldenSet,
    );
    return latest;
  },

  /** Newest first. */
  listGoldenSets: (model: string): Promise<readonly GoldenSet[]> =>
    listAll(context.records, { partition: lists.goldenSets(model), direction: 'descending' }, GoldenSet),
});
