import { describe, expect, it } from 'vitest';
import { buildLineage, Lineage, type LineageParts, lineageTrail } from '../../../lib/domain/lineage/index.ts';
import { sha256Of } from './support/stories.ts';

const parts: LineageParts = {
  version: 3,
  dataset: {
    datasetVersion: sha256Of('manifest'),
    manifestKey: 'datasets/penguins/abc/manifest.json',
    sources: [
      { key: 'incoming/penguins/week-2.csv', sha256: sha256Of('week 2'), sizeBytes: 1000 },
      { key: 'incoming/penguins/week-1.csv', sha256: sha256Of('week 1') },
    ],
  },
  spec: { revision: 2, sha256: sha256Of('spec') },
  run: {
    runId: 'run-3',
    model: 'penguins',
    trigger: { kind: 'new-data', by: 'drop zone', why: 'batch-2 is complete' },
    trainer: 'boosted-trees',
    seed: 7,
    codeVersion: '0.1.0',
    startedAt: '2026-01-05T09:00:00.000Z',
  },
  artifact: { key: 'models/penguins/3/model.onnx', sha256: sha256Of('model') },
};

describe('lineage', () => {
  it('leads from the source files to the artifact', () => {
    const lineage = buildLineage(parts);

    expect(lineage.sources).toEqual([
      { key: 'incoming/penguins/week-1.csv', sha256: sha256Of('week 1') },
      { key: 'incoming/penguins/week-2.csv', sha256: sha256Of('week 2') },
    ]);
    expect(lineage).toMatchObject({
      dataset: { version: sha256Of('manifest') },
      spec: { revision: 2 },
      run: { runId: 'run-3', seed: 7, trainer: 'boosted-trees' },
      artifact: { sha256: sha256Of('model') },
    });
    expect(Lineage.parse(JSON.parse(JSON.stringify(lineage)))).toEqual(lineage);
  });

  it('refuses an artifact that is not known by its sha256', () => {
    expect(() => buildLineage({ ...parts, artifact: { ...parts.artifact, sha256: 'latest' } })).toThrow(
      'expected 64 hexadecimal digits',
    );
  });

  it('goes on, for people, with what was decided and when it served', () => {
    const verdict = {
      model: 'penguins',
      version: 3,
      status: 'approved',
      policy: 'manual',
      approvalId: 'run-3',
      by: 'Ada',
      reason: 'good on every island',
      at: '2026-01-05T10:00:00.000Z',
    } as const;
    const since = '2026-01-05T10:01:00.000Z';
    const reigns = [
      { version: 3, since, via: 'promotion', by: 'roll-out', why: 'healthy' },
      { version: 2, since, via: 'promotion', by: 'roll-out', why: 'healthy' },
    ] as const;

    const trail = lineageTrail(buildLineage(parts), { verdict, reigns });

    expect(trail.map(({ step }) => step)).toEqual([
      'source',
      'source',
      'dataset',
      'run',
      'artifact',
      'version',
      'verdict',
      'champion',
    ]);
    expect(trail[3]?.text).toBe('boosted-trees, seed 7, spec revision 2, code 0.1.0: batch-2 is complete');
    expect(trail[6]?.text).toContain('approved by Ada');
  });
});
