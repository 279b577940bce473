import { createHash } from 'node:crypto';
import { readPostedLabels } from '../domain/labels/index.ts';
import type { ModelSpec } from '../domain/model-spec/index.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { canonicalJson, type JsonValue } from '../wire/json.ts';
import { objectKeys } from '../wire/object-keys.ts';

export interface PostedLabels {
  readonly model: string;
  readonly taken: number;
  /** The object they wait in. */
  readonly file: string;
}

/**
 * Keeps the labels of a request as one more file of late truth, which the monitor takes in as any other. It is named by
 * its content: the same labels of the same moment are one file. Throws REQUEST_MALFORMED, REQUEST_TOO_LARGE.
 */
export const postLabels = async (
  request: { readonly model: string; readonly spec: ModelSpec; readonly body: JsonValue },
  options: {
    readonly objects: Pick<ObjectStore, 'putIfAbsent'>;
    readonly now: number;
    readonly maxRows: number;
  },
): Promise<PostedLabels> => {
  const { model, spec, body } = request;
  const { objects, now, maxRows } = options;
  const labels = readPostedLabels(body, { spec, maxRows, now });
  const text = labels.map((label) => `${canonicalJson(label)}\n`).join('');
  const file = objectKeys.labels(model, `posted/${createHash('sha256').update(text).digest('hex')}.jsonl`);
  await objects.putIfAbsent(file, text);
  return { model, taken: labels.length, file };
};
