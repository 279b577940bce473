import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingToRepeat } from '../../lib/domain/registry/index.ts';
import { reproduceRun } from '../../lib/laptop/reproduce-run.ts';
import { laptopForTests } from './support/index.ts';

const data = path.resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/penguins.json');
const spec = JSON.stringify({
  name: 'penguins',
  task: 'multiclass',
  target: 'Species',
  trainer: { kind: 'linear' },
});
const penguin = {
  Island: 'Biscoe',
  'Beak Length (mm)': 46.1,
  'Beak Depth (mm)': 13.2,
  'Flipper Length (mm)': 211,
  'Body Mass (g)': 4500,
  Sex: 'FEMALE',
};

describe('penguins, from a dropped file to a served model', () => {
  test('a dropped file is trained on, asked about, approved and served, and every step can be looked up', async () => {
    const home = await laptopForTests();
    const { laptop } = home;

    await home.drop('penguins/model.json', spec);
    await home.drop('penguins/penguins.json', { filePath: data });
    await home.drop('penguins/_SUCCESS', '');
    const question = await home.question('penguins');

    expect(question).toMatchObject({ version: 1, status: 'pending' });
    expect((await home.predict('penguins', penguin)).status).toBe(503);
    expect(home.messages('penguins')[0]).toMatchObject({ kind: 'approval-requested' });

    const run = await home.approve('penguins');
    home.passServingTime(5000);

    expect(run).toMatchObject({ status: 'succeeded', modelVersion: 1, trainer: 'linear' });
    expect(missingToRepeat(run)).toEqual([]);
    expect(Object.keys(run.durationsMs).sort()).toEqual(['evaluate', 'plan', 'prepare', 'train']);
    expect(await home.actions('penguins')).toEqual([
      'spec-applied',
      'version-registered',
      'approval-requested',
      'approval-approved',
      'promoted',
    ]);
    expect(await home.keysUnder('models/penguins/1/')).toEqual(
      [
        'baseline.json',
        'constraints.json',
        'golden.jsonl',
        'lineage.json',
        'metrics.json',
        'model.onnx',
        'report.html',
        'signature.json',
        'statistics.json',
        'training.json',
      ].map((name) => `models/penguins/1/${name}`),
    );

    const dataset = await laptop.registry.findDataset('penguins', run.datasetVersion ?? '');
    const rows = dataset?.rows ?? expect.fail('the dataset is not on record');
    expect(rows.read).toBe(344);
    expect(rows.kept + rows.quarantined).toBe(rows.read);
    expect(rows.train + rows.validation + rows.test).toBe(rows.kept);
    const baseline = await home.readJson('models/penguins/1/baseline.json');
    expect(baseline).toMatchObject({
      quality: {
        kind: 'classes',
        maps: expect.any(Array),
        estimated: { unknown: expect.stringContaining('needs 10') },
      },
      importance: expect.objectContaining({ 'Beak Length (mm)': expect.any(Number) }),
    });
    expect(baseline.promises.map(({ lane }: { lane: string }) => lane)).toContain('drift');
    const lineage = await home.readJson('models/penguins/1/lineage.json');
    expect(lineage).toMatchObject({
      version: 1,
      dataset: { version: run.datasetVersion },
      run: { runId: run.runId },
      artifact: { sha256: run.artifactSha256 },
      sources: [{ sha256: dataset?.sources[0]?.sha256 }],
    });

    const plain = await home.predict('penguins', penguin);
    const open = await home.post('/v2/models/penguins/infer', {
      inputs: Object.entries(penguin).map(([name, value]) => ({
        name,
        shape: [1, 1],
        datatype: typeof value === 'string' ? 'BYTES' : 'FP64',
        data: [value],
      })),
    });
    expect(plain.body).toMatchObject({ version: 1, predictions: [{ label: 'Gentoo' }] });
    const { probabilities } = plain.body.predictions[0];
    const tensor = open.body.outputs.find((output: { name: string }) => output.name === 'probabilities');
    // Plain rows are written for people: seven digits, all that a float32 holds.
    const rounded = tensor.data.map((value: number) => Number(value.toPrecision(7)));
    expect(rounded).toEqual(Object.values(probabilities));
    const page = await home.app.request('http://127.0.0.1:8099/models/penguins', {
      headers: { accept: 'text/html' },
    });
    expect(await page.text()).toContain('curl -s http://127.0.0.1:8099/models/penguins/predict');

    await home.predictions.flush();
    const captured = await home.keysUnder('captured/model=penguins/');
    expect(captured).toHaveLength(1);

    expect(await reproduceRun(laptop, run.runId)).toMatchObject({
      isSame: true,
      expectedSha256: run.artifactSha256,
    });
    expect(home.faults).toEqual([]);
  });
});
