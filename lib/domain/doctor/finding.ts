/** What the doctor can find, by a name that programs may match. */
export type FindingCode =
  | 'NOT_ONNX'
  | 'TOO_LARGE'
  | 'IR_TOO_NEW'
  | 'OPSET_TOO_NEW'
  | 'TREES_TOO_OLD_FOR_OPSET'
  | 'UNKNOWN_OPERATORS'
  | 'EXTERNAL_DATA'
  | 'INPUT_NOT_A_TENSOR'
  | 'OUTPUT_NOT_A_TENSOR'
  | 'INPUT_SHAPE'
  | 'INPUT_TYPE'
  | 'INPUT_UNMATCHED'
  | 'INPUT_IS_TARGET'
  | 'FIXED_BATCH'
  | 'COLUMN_ORDER_ASSUMED'
  | 'OUTPUT_MISSING'
  | 'OUTPUT_WIDTH'
  | 'CLASSES_DIFFER'
  | 'CLASSES_ASSUMED'
  | 'SIDECAR_WRONG'
  | 'DOES_NOT_LOAD'
  | 'DOES_NOT_RUN'
  | 'NOT_PROBABILITIES'
  | 'ROWS_DEPEND';

/** One thing about a brought model: what it is, and what its owner can do about it. */
export interface Finding {
  /** An error keeps the model from being served; a warning is an assumption to check. */
  readonly severity: 'error' | 'warning';
  readonly code: FindingCode;
  readonly what: string;
  readonly fix: string;
}

export const error = (code: FindingCode, what: string, fix: string): Finding => ({
  severity: 'error',
  code,
  what,
  fix,
});

export const warning = (code: FindingCode, what: string, fix: string): Finding => ({
  severity: 'warning',
  code,
  what,
  fix,
});

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');
