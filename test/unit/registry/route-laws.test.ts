import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Registry } from '../../../lib/registry/index.ts';
import { isMillraceError } from '../../../lib/wire/errors.ts';
import { freshRegistry } from './support/fresh-registry.ts';
import { questionAbout, trainedBy } from './support/stories.ts';

const model = 'penguins';
const said = { by: 'Ada', why: 'a law is a law' };

/** What the laws are checked against: versions registered and verdicts spoken, told apart from the registry. */
interface Told {
  registered: number;
  readonly approved: Set<number>;
}

class Step implements fc.AsyncCommand<Told, Registry> {
  readonly text: string;
  readonly does: (registry: Registry, told: Told) => Promise<void>;

  constructor(text: string, does: (registry: Registry, told: Told) => Promise<void>) {
    this.text = text;
    this.does = does;
  }

  check = () => true;
  toString = () => this.text;

  async run(told: Told, registry: Registry) {
    try {
      await this.does(registry, told);
    } catch (error) {
      const isExpected = [
        'VERSION_UNKNOWN',
        'VERSION_NOT_APPROVED',
        'ROUTE_MOVE_INVALID',
        'NOTHING_TO_ROLL_BACK',
        'APPROVAL_UNKNOWN',
        'APPROVAL_DECIDED',
        'RECORD_CONFLICT',
      ].some((code) => isMillraceError(error) && error.name === code);
      if (!isExpected) throw error;
    }
    await holdLaws(registry, told);
  }
}

const holdLaws = async (registry: Registry, told: Told) => {
  const route = await registry.getRoute(model);
  const named = [route.champion, route.canary?.version, route.shadow, ...route.formerChampions];
  const versions = named.filter((version) => version !== undefined);
  expect(versions.filter((version) => !told.approved.has(version))).toEqual([]);
  expect(versions.every((version) => version <= told.registered)).toBe(true);
  expect(new Set(versions).size).toBe(versions.length - sharedWithFormer(route));
  expect(route.champion === undefined && versions.length > 0).toBe(false);
  const [reign] = await registry.listReigns(model);
  expect(reign?.version).toBe(route.champion);
};

/** A former champion may be tried out again; apart from that nobody has two places. */
const sharedWithFormer = (route: Awaited<ReturnType<Registry['getRoute']>>) =>
  [route.canary?.version, route.shadow].filter(
    (version) => version !== undefined && route.formerChampions.includes(version),
  ).length;

const register = new Step('register', async (registry, told) => {
  told.registered += 1;
  await registry.registerVersion(trainedBy(`run-${told.registered}`));
  await registry.requestApproval(questionAbout(told.registered));
});

const decide = (version: number, decision: 'approved' | 'rejected') =>
  new Step(`${decision} ${version}`, async (registry, told) => {
    await registry.decideApproval({ approvalId: `run-${version}`, decision, by: 'Ada', reason: 'said so' });
    if (decision === 'approved') told.approved.add(version);
  });

/** `stale`: how many revisions behind the caller's view of the route is. */
const moving = (
  name: string,
  version: number,
  stale: number,
  how: (registry: Registry, expectedRevision: number) => Promise<unknown>,
) =>
  new Step(`${name} ${version}, ${stale} behind`, async (registry) => {
    const { revision } = await registry.getRoute(model);
    await how(registry, revision - stale);
  });

const version = fc.integer({ min: 1, max: 5 });
const stale = fc.constantFrom(0, 0, 0, 1);

const steps = [
  fc.constant(register),
  fc
    .tuple(version, fc.constantFrom('approved' as const, 'approved' as const, 'rejected' as const))
    .map(([of, how]) => decide(of, how)),
  fc
    .tuple(version, stale)
    .map(([of, behind]) =>
      moving('promote', of, behind, (registry, expectedRevision) =>
        registry.promote({ model, version: of, expectedRevision, ...said }),
      ),
    ),
  fc
    .tuple(version, stale, fc.integer({ min: 0, max: 100 }))
    .map(([of, behind, percent]) =>
      moving(`canary ${percent} %`, of, behind, (registry, expectedRevision) =>
        registry.setCanary({ model, version: of, percent, expectedRevision, ...said }),
      ),
    ),
  fc
    .tuple(version, stale)
    .map(([of, behind]) =>
      moving('shadow', of, behind, (registry, expectedRevision) =>
        registry.setShadow({ model, version: of, expectedRevision, ...said }),
      ),
    ),
  version.map((of) =>
    moving('abort', of, 0, (registry) => registry.abortRollOut({ model, version: of, ...said })),
  ),
  fc
    .option(version)
    .map((to) =>
      moving('roll back', to ?? 0, 0, (registry) =>
        registry.rollBack({ model, ...(to !== null && { to }), by: 'Ada', reason: 'said so' }),
      ),
    ),
];

it('whatever people do, a route points only to approved versions, and the last reign is the champion', async () => {
  const begin = [
    register,
    register,
    register,
    decide(1, 'approved'),
    decide(2, 'approved'),
    decide(3, 'approved'),
  ];
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 30 }), async (commands) => {
      const told: Told = { registered: 0, approved: new Set() };
      const { registry } = freshRegistry();
      for (const step of begin) await step.run(told, registry);

      await fc.asyncModelRun(() => ({ model: told, real: registry }), commands);
    }),
    { numRuns: 60 },
  );
});
