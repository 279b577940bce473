import { isMillraceError } from '../../wire/errors.ts';
import type { ResolvedSpec } from '../model-spec/index.ts';
import { type DecodedModel, decodeOnnxModel } from '../onnx/index.ts';
import {
  buildSignature,
  SidecarSchema,
  type Signature,
  type SignatureColumn,
  type SignatureInput,
} from '../signature/index.ts';
import { examineFile } from './examine-file.ts';
import { examineTensors } from './examine-tensors.ts';
import { error, type Finding, hasErrors } from './finding.ts';
import { matchClasses } from './match-classes.ts';
import { matchInputs, type Sidecar } from './match-inputs.ts';
import { matchOutputs } from './match-outputs.ts';

export interface ExamineOptions {
  /** What the model is to predict from which columns. @default - only the file itself is examined */
  readonly resolved?: ResolvedSpec;
  /** What the owner says about the model, in a `signature.json` beside it; goes before everything found out. */
  readonly sidecar?: Partial<Signature>;
  /** @default 500 MB: loaded twice, it still fits a serving function */
  readonly maxBytes?: number;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** Present when a spec was given and no finding is an error. */
  readonly signature?: Signature;
}

/** Looks a brought model over without running it, and works out its signature. Never throws for what the file holds. */
export const examineModel = (bytes: Uint8Array, options: ExamineOptions = {}): Examination => {
  const { resolved, maxBytes = 500_000_000 } = options;
  if (bytes.length > maxBytes) return { findings: [tooLarge(bytes.length, maxBytes)] };
  const model = decode(bytes);
  if ('severity' in model) return { findings: [model] };
  const findings = [...examineFile(model), ...examineTensors(model)];
  if (resolved === undefined) return { findings };
  const sidecar = readSidecar(options.sidecar);
  if ('severity' in sidecar) return { findings: [...findings, sidecar] };
  const { signature, findings: matched } = matchSpec(model, { resolved, sidecar });
  findings.push(...matched);
  return hasErrors(findings) ? { findings } : { findings, signature };
};

/** A side-car is a file people write: it is checked here, whatever its type says. */
const readSidecar = (sidecar: unknown): Sidecar | Finding => {
  const parsed = SidecarSchema.safeParse(sidecar ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const what = `signature.json is wrong at ${issue?.path.join('.') || 'the whole file'}: ${issue?.message}`;
  return error('SIDECAR_WRONG', what, 'correct it, or leave it out: the doctor then goes by the model alone');
};

const tooLarge = (size: number, max: number): Finding =>
  error(
    'TOO_LARGE',
    `the file has ${megabytes(size)} MB, at most ${megabytes(max)} MB are served`,
    'quantise or prune the model, or train a smaller one',
  );

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const decode = (bytes: Uint8Array): DecodedModel | Finding => {
  try {
    return decodeOnnxModel(bytes);
  } catch (cause) {
    if (!isMillraceError(cause, 'MODEL_FILE_INVALID')) throw cause;
    const [what = ''] = cause.message.split('; ');
    return error(
      'NOT_ONNX',
      what,
      'export the model as ONNX (skl2onnx, torch.onnx, onnxmltools) and upload it whole',
    );
  }
};

const matchSpec = (
  model: DecodedModel,
  options: { readonly resolved: ResolvedSpec; readonly sidecar: Sidecar },
): { readonly signature: Signature; readonly findings: readonly Finding[] } => {
  const { resolved, sidecar } = options;
  const { inputs, findings: ofInputs } = matchInputs(model, options);
  const { outputs, findings: ofOutputs } = matchOutputs(model, options);
  const { probabilityColumns, findings: ofClasses } = matchClasses(model, options);
  const signature = buildSignature({
    resolved,
    columns: usedColumns(model, inputs, options),
    inputs,
    outputs,
    ...(probabilityColumns !== undefined && { probabilityColumns }),
    ...(sidecar.threshold !== undefined && { threshold: sidecar.threshold }),
  });
  return { signature, findings: [...ofInputs, ...ofOutputs, ...ofClasses] };
};

/** Trees send a missing number one way, and an imputer replaces it; other models answer NaN. */
const takesMissing = /^(TreeEnsemble.*|Imputer|IsNaN)$/;

const usedColumns = (
  { nodes }: DecodedModel,
  inputs: readonly SignatureInput[],
  { resolved, sidecar }: { readonly resolved: ResolvedSpec; readonly sidecar: Sidecar },
): SignatureColumn[] => {
  const floats = inputs.filter(({ type }) => type === 'float32' || type === 'float64');
  const nullable = nodes.some(({ operator }) => takesMissing.test(operator))
    ? new Set(floats.flatMap(({ columns }) => columns))
    : new Set<string>();
  const used = new Set(inputs.flatMap(({ columns }) => columns));
  return resolved.columns
    .filter(({ name }) => used.has(name))
    .map(({ name, kind }) => {
      const told = sidecar.columns?.find((column) => column.name === name)?.isNullable;
      return { name, kind, isNullable: told ?? nullable.has(name) };
    });
};
