import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { broughtLamps, csv, lampSpec, lamps, laptopForTests } from './support/index.ts';

describe('a model trained elsewhere', () => {
  test('dropped with data it is not trained but evaluated, asked about and served, byte for byte', async () => {
    const tasks: string[] = [];
    const home = await laptopForTests({ onTask: (task) => tasks.push(task) });
    const model = broughtLamps();

    await home.drop('lamps/model.json', lampSpec());
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/model.onnx', model);
    await home.drop('lamps/_SUCCESS', '');
    const run = await home.approve('lamps');

    expect(run).toMatchObject({
      status: 'succeeded',
      trigger: { kind: 'imported-model' },
      trainer: 'brought',
      artifactSha256: createHash('sha256').update(model).digest('hex'),
    });
    expect(tasks).not.toContain('train-model');
    const metrics = await home.readJson('models/lamps/1/metrics.json');
    expect(metrics.metrics.accuracy).toBeGreaterThan(0.8);
    const answer = await home.predict('lamps', { hours: 1000, age: 50 });
    // z = (1000 + 8 · 50 − 700) / 50 = 14
    expect(answer.body.predictions[0]).toMatchObject({ label: 'yes' });
    expect(answer.body.predictions[0].probabilities.yes).toBeCloseTo(1 / (1 + Math.exp(-14)), 6);
  });

  test('dropped alone it is judged on the data there is, also when the window holds one batch', async () => {
    const home = await laptopForTests();
    const changes = { dataWindow: { batches: 1 }, gates: { maxChampionLoss: 1 } };
    await home.drop('lamps/model.json', lampSpec(changes));
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/monday._SUCCESS', '');
    const first = await home.approve('lamps');

    await home.drop('lamps/ours.onnx', broughtLamps());
    await home.drop('lamps/ours._SUCCESS', '');

    // Without new rows it cannot be shown to be better: that is for a person to judge.
    const question = await home.question('lamps', 2);
    expect(question.summary).toContain('there are no new rows that both models could be asked');
    const run = await home.approve('lamps', 2);
    expect(run).toMatchObject({ status: 'succeeded', trainer: 'brought', modelVersion: 2 });
    expect(run.datasetVersion).toBe(first.datasetVersion);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['takes a fixed number of rows', broughtLamps({ rows: 8 }), /leave the first dimension free/],
    ['is no ONNX at all', new TextEncoder().encode('a pickle, perhaps'), /ONNX/],
  ])('one that %s is refused, and the outcome names the fix', async (_, model, fix) => {
    const home = await laptopForTests();

    await home.drop('lamps/model.json', lampSpec());
    await home.drop('lamps/monday.csv', csv(lamps(200)));
    await home.drop('lamps/model.onnx', model);
    await home.drop('lamps/_SUCCESS', '');

    const run = await home.endOfRun('lamps');
    expect(run).toMatchObject({ status: 'refused', outcome: expect.stringMatching(fix) });
    expect(await home.laptop.registry.listVersions('lamps')).toEqual([]);
    expect(home.messages('lamps')[0]?.subject).toBe('The model dropped for lamps was refused');
  });
});
