import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run as prepareDataset } from '../../../lambdas/prepare-dataset/handler.ts';
import { boundedReasons } from '../../../lambdas/reasons.ts';
import { step as registerVersion } from '../../../lambdas/register-version/handler.ts';
import { ApprovalDecision } from '../../../lib/domain/approval/index.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { runStep } from '../../../lib/wire/house.ts';
import { evaluation } from '../console/desk.ts';
import { freshRegistry } from '../registry/support/fresh-registry.ts';
import { penguinSpec, sha256Of } from '../registry/support/stories.ts';

/** What a state's input, output and variables may hold: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const maxStateBytes = 256 * 1024;
/** All that one task may add to it: several are remembered side by side. */
const maxOutputBytes = maxStateBytes / 3;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Any text, up to one that would fill a state by itself, in characters of up to four bytes. */
const anyText = fc
  .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 30_000 }))
  .map(([unit, times]) => unit.repeat(times));
const anyTexts = fc.array(anyText, { minLength: 1, maxLength: 60 });

const trigger = { kind: 'new-data', by: 'drop', why: 'week 1 arrived' } as const;

const startedRun = async () => {
  const { registry, clock } = freshRegistry();
  await registry.applySpec({ spec: penguinSpec(), by: 'drop', why: 'dropped' });
  await registry.startRun({ runId: 'run-1', model: 'penguins', trigger, specRevision: 1 });
  return { registry, clock };
};

describe('what travels between states', () => {
  it('is bounded for reasons of any number and length, and says what it leaves out', () => {
    fc.assert(
      fc.property(anyTexts, (reasons) => {
        const bounded = boundedReasons(reasons);

        expect(bytesOf(bounded)).toBeLessThan(maxOutputBytes);
        expect(bounded.every((reason) => reason.isWellFormed())).toBe(
          reasons.every((reason) => reason.isWellFormed()),
        );
        if (reasons.length > 20) expect(bounded.at(-1)).toBe(`and ${reasons.length - 19} more`);
      }),
      { numRuns: 50 },
    );
  });

  it('is small for data refused for any reason', async () => {
    const { registry, clock } = await startedRun();
    await fc.assert(
      fc.asyncProperty(anyText, async (what) => {
        const services = {
          registry,
          clock,
          withScratchFolder: () => Promise.reject(new MillraceError('DATA_UNREADABLE', what)),
        };

        const output = await prepareDataset(
          { model: 'penguins', runId: 'run-1' },
          services as unknown as Parameters<typeof prepareDataset>[1],
        );

        expect(output.verdict).toBe('refused');
        expect(bytesOf(output)).toBeLessThan(maxOutputBytes);
      }),
      { numRuns: 20 },
    );
  });

  it('is small for a version, whatever its gates say', async () => {
    await fc.assert(
      fc.asyncProperty(anyTexts, async (texts) => {
        const { registry } = await startedRun();
        await registry.recordDataset({
          datasetVersion: sha256Of('data'),
          model: 'penguins',
          manifestKey: 'manifest.json',
          sources: [{ key: 'sources/penguins/a.csv', sha256: sha256Of('a'), sizeBytes: 1 }],
          rows: { read: 3, kept: 3, quarantined: 0, train: 1, validation: 1, test: 1 },
        } as unknown as Parameters<typeof registry.recordDataset>[0]);
        await registry.noteRun('run-1', {
          datasetVersion: sha256Of('data'),
          artifactSha256: sha256Of('model'),
          trainer: 'boosted-trees',
          codeVersion: '0.1.0',
          seed: 1,
        });
        const gates = texts.map((because) => ({
          gate: 'minAuc',
          title: because,
          status: 'fail' as const,
          value: 0.1,
          limit: 0.6,
          because,
        }));
        const metrics = new TextEncoder().encode(JSON.stringify({ ...evaluation, gates, verdict: 'failed' }));
        const objects = {
          head: async () => undefined,
          get: async () => metrics,
          putIfAbsent: async () => ({ created: true }),
        };

        const output = await runStep(registerVersion, { model: 'penguins', runId: 'run-1' }, {
          registry,
          objects,
          codeVersion: '0.1.0',
        } as unknown as Parameters<typeof registerVersion.run>[1]);

        expect(output.verdict).toBe('failed');
        expect(bytesOf(output)).toBeLessThan(maxOutputBytes);
      }),
      { numRuns: 8 },
    );
  });

  it('is small for the answer of a person, the longest one may write', () => {
    fc.assert(
      fc.property(anyText, anyText, (by, reason) => {
        const decision = ApprovalDecision.safeParse({
          approvalId: 'run-1',
          decision: 'rejected',
          by,
          reason,
        });

        expect(decision.success ? bytesOf(decision.data) : 0).toBeLessThan(maxOutputBytes);
      }),
      { numRuns: 50 },
    );
  });
});
