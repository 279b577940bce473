import { DataGateReport } from '../lib/domain/gates/index.ts';
import { objectKeys } from '../lib/wire/object-keys.ts';
import { putOnce } from './put-once.ts';
import type { Services } from './services.ts';

interface OfRun {
  readonly model: string;
  readonly runId: string;
}
type Needs = Pick<Services, 'objects'>;

const keyOf = ({ model, runId }: OfRun, count: number): string =>
  objectKeys.run(model, runId, count === 1 ? 'data-gate.json' : `data-gate.${count}.json`);

const textAt = async (key: string, { objects }: Needs): Promise<string | undefined> =>
  (await objects.head(key)) === undefined ? undefined : new TextDecoder().decode(await objects.get(key));

/**
 * Writes down what G0 said, for people and for the evaluation. A step that died and is done again may find more batches, or
 * fewer: what it says then stands beside what it said before.
 */
export const writeDataGate = async (run: OfRun, said: DataGateReport, services: Needs): Promise<void> => {
  const text = JSON.stringify(said, null, 2);
  for (let count = 1; ; count += 1) {
    await putOnce(services.objects, keyOf(run, count), text);
    if ((await textAt(keyOf(run, count), services)) === text) return;
  }
};

/** What G0 said of the rows of this dataset; `undefined` where it was asked nothing. */
export const readDataGate = async (
  run: OfRun,
  datasetVersion: string,
  services: Needs,
): Promise<DataGateReport | undefined> => {
  let found: DataGateReport | undefined;
  for (let count = 1; ; count += 1) {
    const text = await textAt(keyOf(run, count), services);
    if (text === undefined) return found;
    const said = DataGateReport.parse(JSON.parse(text));
    if (said.datasetVersion === datasetVersion) found = said;
  }
};
