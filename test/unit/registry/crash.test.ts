import { describe, expect, it } from 'vitest';
import type { Registry } from '../../../lib/registry/index.ts';
import { failingRecords, PowerCut } from './support/failing-records.ts';
import { type FreshRegistry, freshRegistry, secondRegistry } from './support/fresh-registry.ts';
import {
  approvedVersions,
  dropped,
  penguinSpec,
  promotedInTurn,
  questionAbout,
  trainedBy,
} from './support/stories.ts';

const model = 'penguins';
const move = { model, by: 'roll-out', why: 'step is due' };

interface Deed {
  readonly name: string;
  readonly given: (registry: Registry) => Promise<unknown>;
  readonly deed: (registry: Registry) => Promise<unknown>;
  /** What must be the same however often it died on the way. */
  readonly outcome: (registry: Registry) => Promise<unknown>;
}

const auditActions = async (registry: Registry) => (await registry.listAudit()).map(({ action }) => action);

const files = [dropped('a.csv'), dropped('b.csv')];

const champions = async (registry: Registry) => {
  await approvedVersions(registry, 3);
  await promotedInTurn(registry, 1, 2);
};

const routeOutcome = async (registry: Registry) => [
  await registry.getRoute(model),
  await registry.listReigns(model),
  await auditActions(registry),
];

const deeds: readonly Deed[] = [
  {
    name: 'applying a spec',
    given: async () => {},
    deed: (registry) => registry.applySpec({ spec: penguinSpec(), by: 'Ada' }),
    outcome: async (registry) => [
      (await registry.listSpecs(model)).map(({ revision }) => revision),
      (await registry.listModels()).map((one) => one.model),
      await auditActions(registry),
    ],
  },
  {
    name: 'noting an arrival that supersedes another',
    given: (registry) => registry.noteArrival(dropped('a.csv', 'broken')),
    deed: (registry) => registry.noteArrival(dropped('a.csv', 'corrected')),
    outcome: async (registry) => (await registry.pendingArrivals(model)).map(({ etag }) => etag),
  },
  {
    name: 'closing a batch',
    given: async (registry) => {
      for (const file of files) await registry.noteArrival(file);
    },
    deed: (registry) => registry.closeBatch(model, 'batch-1', files),
    outcome: async (registry) => [
      await registry.pendingArrivals(model),
      (await registry.listBatches(model)).map(({ batchId, arrivals }) => [batchId, arrivals.length]),
    ],
  },
  {
    name: 'registering a version under a reserved number',
    given: async () => {},
    deed: async (registry) => {
      await registry.reserveVersion({ model, runId: 'run-1' });
      await registry.registerVersion(trainedBy('run-1'));
    },
    outcome: async (registry) => [
      (await registry.listVersions(model)).map(({ version }) => version),
      await auditActions(registry),
      await registry.reserveVersion({ model, runId: 'next-run' }),
    ],
  },
  {
    name: 'asking, deciding and noting the answer',
    given: (registry) => registry.registerVersion(trainedBy('run-1')),
    deed: async (registry) => {
      await registry.requestApproval(questionAbout(1));
      await registry.decideApproval({ approvalId: 'run-1', decision: 'approved', by: 'Ada', reason: 'good' });
      await registry.noteTokenAnswered('run-1');
    },
    outcome: async (registry) => [
      await registry.findVerdict(model, 1),
      await registry.getApproval('run-1'),
      await registry.listUnansweredApprovals(),
      await auditActions(registry),
    ],
  },
  {
    name: 'promoting',
    given: champions,
    deed: (registry) => registry.promote({ ...move, version: 3, expectedRevision: 2 }),
    outcome: routeOutcome,
  },
  {
    name: 'rolling back to a named version',
    given: champions,
    deed: (registry) => registry.rollBack({ model, to: 1, by: 'Ada', reason: 'complaints' }),
    outcome: routeOutcome,
  },
  {
    name: 'setting a canary',
    given: champions,
    deed: (registry) => registry.setCanary({ ...move, version: 3, percent: 10, expectedRevision: 2 }),
    outcome: routeOutcome,
  },
  {
    name: 'aborting a roll-out',
    given: async (registry) => {
      await champions(registry);
      await registry.setCanary({ ...move, version: 3, percent: 10, expectedRevision: 2 });
    },
    deed: (registry) => registry.abortRollOut({ ...move, version: 3 }),
    outcome: routeOutcome,
  },
];

const prepared = async (story: Deed): Promise<FreshRegistry> => {
  const fresh = freshRegistry();
  await story.given(fresh.registry);
  return fresh;
};

/** Does the deed, dying at the n-th write. Tells whether it came that far. */
const dieAt = async (story: Deed, fresh: FreshRegistry, write: number, moment: 'before' | 'after') => {
  const failing = failingRecords(fresh.records, write, moment);
  try {
    await story.deed(secondRegistry(fresh, failing.records));
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  return failing.hasFailed();
};

describe.each(deeds)('a power cut while $name', (story) => {
  it.each(['before', 'after'] as const)(
    'just %s any of its writes is made good by doing it again',
    async (moment) => {
      const undisturbed = await prepared(story);
      await story.deed(undisturbed.registry);
      const expected = await story.outcome(undisturbed.registry);

      let write = 1;
      for (;;) {
        const fresh = await prepared(story);
        const hasDied = await dieAt(story, fresh, write, moment);
        if (!hasDied) break;
        await story.deed(fresh.registry);
        expect(await story.outcome(fresh.registry), `write ${write}`).toEqual(expected);
        write += 1;
      }

      expect(write).toBeGreaterThan(1);
    },
  );
});

describe('a power cut while a batch closes', () => {
  it('never leaves a file both pending and in a batch', async () => {
    const [story] = deeds.filter(({ name }) => name === 'closing a batch');
    if (story === undefined) throw new Error('the story is gone');

    for (let write = 1; ; write += 1) {
      const fresh = await prepared(story);
      const hasDied = await dieAt(story, fresh, write, 'after');
      const pending = await fresh.registry.pendingArrivals(model);
      const batches = await fresh.registry.listBatches(model);
      expect(pending.length + batches.flatMap(({ arrivals }) => arrivals).length, `write ${write}`).toBe(2);
      if (!hasDied) break;
    }
  });
});
