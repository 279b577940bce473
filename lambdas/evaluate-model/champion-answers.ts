import { openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import type { Champion } from '../../lib/domain/evaluation/index.ts';
import { type Predictions, readSignature, type Signature } from '../../lib/domain/signature/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Services } from '../services.ts';
import type { LabelledTable } from './labelled-table.ts';

export interface SameRows {
  readonly rows: LabelledTable;
  /** What they are called in a reason: "test rows". */
  readonly name: string;
  readonly classes: readonly string[] | undefined;
}

/** The champion's own model, open. */
export interface OpenChampion {
  readonly version: number;
  /** What it answers to rows the challenger is asked too; or why it cannot. */
  readonly answer: (same: SameRows) => Promise<Champion>;
  readonly release: () => Promise<void>;
}

/** Why the champion cannot answer these rows, if so. */
const misfit = (signature: Signature, { rows, name: rowsName, classes }: SameRows): string | undefined => {
  for (const { name, kind } of signature.columns) {
    const column = rows.table.columns.get(name);
    if (column === undefined) return `it needs the column "${name}", which the ${rowsName} do not have`;
    if (column.kind !== kind)
      return `it reads "${name}" as ${kind}, the ${rowsName} have it as ${column.kind}`;
  }
  const missing = signature.classes?.find((name) => !classes?.includes(name));
  return missing === undefined ? undefined : `it answers a class "${missing}" that these rows do not have`;
};

/** The champion's probabilities in the challenger's class order; a class it does not know has probability 0. */
const inClassOrder = (
  predictions: Predictions,
  from: readonly string[],
  to: readonly string[],
): Predictions => {
  if (predictions.kind === 'values') return predictions;
  const { probabilities, labels } = predictions;
  const target = from.map((name) => to.indexOf(name));
  const reordered = new Float64Array(labels.length * to.length);
  for (let row = 0; row < labels.length; row += 1)
    for (const [place, column] of target.entries())
      reordered[row * to.length + column] = probabilities[row * from.length + place] ?? 0;
  return { kind: 'classes', probabilities: reordered, labels: labels.map((label) => target[label] ?? -1) };
};

/** Opens the version that serves, if one does; release it when done. */
export const openChampion = async (
  model: string,
  { objects, registry }: Pick<Services, 'objects' | 'registry'>,
): Promise<OpenChampion | undefined> => {
  const { champion: version } = await registry.getRoute(model);
  if (version === undefined) return undefined;
  const { artifactKey, signatureKey } = await registry.getVersion(model, version);
  const signature = readSignature(await objects.get(signatureKey));
  const champion = await openModel(await objects.get(artifactKey), signature);
  return {
    version,
    answer: async (same) => {
      const because = misfit(signature, same);
      if (because !== undefined) return { version, because };
      try {
        const predictions = await champion.run(same.rows.table);
        return {
          version,
          predictions: inClassOrder(predictions, signature.classes ?? [], same.classes ?? []),
        };
      } catch (error) {
        if (!isMillraceError(error, 'MODEL_RUN_FAILED')) throw error;
        return { version, because: error.message };
      }
    },
    release: () => champion.release(),
  };
};
