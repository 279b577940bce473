import * as z from 'zod';
import { MillraceError } from '../../wire/errors.ts';
import type { Signature } from './signature.ts';

const ColumnKind = z.enum(['number', 'boolean', 'datetime', 'category', 'text']);
const TensorType = z.enum(['float32', 'float64', 'int64', 'int32', 'string', 'bool']);

/** `signature.json`. Unknown keys are dropped, so that a newer writer may add some. */
const Whole = z.object({
  schemaVersion: z.literal(1),
  task: z.enum(['binary', 'multiclass', 'regression']),
  target: z.string(),
  columns: z.array(z.object({ name: z.string().min(1), kind: ColumnKind, isNullable: z.boolean() })),
  inputs: z.array(
    z.object({
      tensor: z.string().min(1),
      type: TensorType,
      columns: z.array(z.string().min(1)).min(1),
      rank: z.union([z.literal(1), z.literal(2)]),
    }),
  ),
  outputs: z.object({
    label: z.string().exactOptional(),
    probabilities: z.string().exactOptional(),
    value: z.string().exactOptional(),
  }),
  classes: z.array(z.string()).min(2).exactOptional(),
  probabilityColumns: z.array(z.int().min(0)).exactOptional(),
  positiveClass: z.string().exactOptional(),
  threshold: z.number().exactOptional(),
});

export const SignatureSchema: z.ZodType<Signature> = Whole;

/** What may be said of a model trained elsewhere: any part of a signature. */
export const SidecarSchema = Whole.partial();

/** Reads a stored `signature.json`. Throws ARTIFACT_CORRUPT when it is not one. */
export const readSignature = (bytes: Uint8Array): Signature => {
  const parsed = SignatureSchema.safeParse(parseJson(bytes));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') || 'the whole file';
  throw new MillraceError('ARTIFACT_CORRUPT', `signature.json is wrong at ${path}: ${issue?.message}`, {
    path,
  });
};

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new MillraceError('ARTIFACT_CORRUPT', 'signature.json is not JSON', {}, { cause });
  }
};
