import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { desk } from '../desk.ts';
import { historyWeeks, model, type World } from '../world.ts';

const specFile = path.join(import.meta.dirname, '../model.json');

/** Weeks of history arrive, a model is made of the latest, a person approves it, and it serves. */
export const firstModel = async (world: World): Promise<void> => {
  const { house, story } = world;
  const { question, decide, champion } = desk(world);
  story.chapter('A first model');
  // Data that comes before its model.json waits for it: all of the history is one batch.
  let rows = 0;
  for (let week = 1; week <= historyWeeks; week += 1) rows += await world.dropWeek(week);
  await house.lookAtDropZone();
  story.happened(`the files of weeks 1 to ${historyWeeks} arrive: ${rows.toLocaleString('en')} flights`);
  await house.drop(`incoming/${model}/model.json`, await readFile(specFile, 'utf8'));
  await house.lookAtDropZone();
  const asked = await question();
  story.happened(`version 1 is trained and asks: ${asked.summary}`);
  const before = await champion();
  await decide(asked, 'approved', 'better than always saying no');
  story.happened(`Ada approves, and version 1 serves over HTTP`);
  await story.promise('nothing serves before a person has said so', async () => {
    const after = await champion();
    return [before === undefined && after === 1, `champion before ${before ?? 'none'}, after ${after}`];
  });
};
