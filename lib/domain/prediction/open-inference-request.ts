import { MillraceError } from '../../wire/errors.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { elementOf, type OpenInferenceDatatype, openInferenceDatatypes } from './open-inference-types.ts';
import { isList, isObject, quote } from './plain-rows.ts';

/** An inference request as rows, ready for the signature. */
export interface OpenInferenceRequest {
  /** Echoed in the answer. */
  readonly id?: string;
  readonly rows: readonly JsonObject[];
  /** The outputs asked for by name; undefined asks for all. */
  readonly outputs?: readonly string[];
}

const malformed = (what: string) => new MillraceError('REQUEST_MALFORMED', what);
const noBinary = (where: string) =>
  malformed(
    `${where} carries binary tensor data, which is not read here yet: send data as JSON (in tritonclient: binary_data=False)`,
  );

const isDatatype = (value: JsonValue | undefined): value is OpenInferenceDatatype =>
  openInferenceDatatypes.some((datatype) => datatype === value);

/** Nested data, row-major, as one list. A column has at most two levels; deeper ones fail as elements. */
const flatten = (data: readonly JsonValue[]): readonly JsonValue[] =>
  data.some(isList) ? data.flat() : data;

/** Rows of a tensor that holds one column: [n] or [n,1]. */
const rowsOfShape = (name: string, shape: JsonValue | undefined): number => {
  const isCount = (size: JsonValue | undefined) => Number.isSafeInteger(size) && Number(size) >= 0;
  const isColumn =
    isList(shape) && isCount(shape[0]) && (shape.length === 1 || (shape.length === 2 && shape[1] === 1));
  if (!isColumn)
    throw malformed(
      `input "${name}" has shape ${quote(shape)}, expected [n] or [n,1]: one input for each column`,
    );
  return Number(shape[0]);
};

interface Column {
  readonly name: string;
  readonly rows: number;
  readonly values: readonly JsonValue[];
}

/** Null stands for a missing value, as in the plain dialect; everything else must fit the datatype. */
const checkElements = (name: string, datatype: OpenInferenceDatatype, values: readonly JsonValue[]): void => {
  const element = elementOf[datatype];
  const wrong = values.findIndex((value) => value !== null && !element.accepts(value));
  if (wrong >= 0)
    throw malformed(
      `input "${name}" (${datatype}) has ${quote(values[wrong])} at index ${wrong}, expected ${element.expected}`,
    );
};

const readInput = (input: JsonValue, index: number): Column => {
  if (!isObject(input) || typeof input.name !== 'string' || input.name === '')
    throw malformed(`inputs[${index}] has no name, expected {name, shape, datatype, data}`);
  const { name, datatype } = input;
  if (isObject(input.parameters) && 'binary_data_size' in input.parameters) throw noBinary(`input "${name}"`);
  if (!isDatatype(datatype))
    throw malformed(
      `input "${name}" has datatype ${quote(datatype)}, expected one of ${openInferenceDatatypes.join(', ')}`,
    );
  if (!isList(input.data)) throw malformed(`input "${name}" has no data, expected an array`);
  const rows = rowsOfShape(name, input.shape);
  const values = flatten(input.data);
  if (values.length !== rows)
    throw malformed(`input "${name}" has ${values.length} values, expected ${rows} as its shape says`);
  checkElements(name, datatype, values);
  return { name, rows, values };
};

const readColumns = (inputs: JsonValue | undefined): readonly Column[] => {
  if (!isList(inputs) || inputs.length === 0)
    throw malformed('the request has no inputs, expected an array of at least one tensor');
  const columns = inputs.map(readInput);
  const first = columns[0];
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column.name)) throw malformed(`input "${column.name}" is there twice, expected once`);
    seen.add(column.name);
    if (first !== undefined && column.rows !== first.rows)
      throw malformed(
        `input "${column.name}" has ${column.rows} rows and "${first.name}" ${first.rows}, expected as many in each`,
      );
  }
  return columns;
};

const readOutputNames = (outputs: JsonValue | undefined): readonly string[] | undefined => {
  if (outputs === undefined || (isList(outputs) && outputs.length === 0)) return undefined;
  if (!isList(outputs)) throw malformed('outputs is not an array, expected [{name}, …]');
  const names = new Set<string>();
  for (const [index, output] of outputs.entries()) {
    if (!isObject(output) || typeof output.name !== 'string')
      throw malformed(`outputs[${index}] has no name, expected {name}`);
    // A short request must not be answered with the same column a hundred thousand times.
    if (names.has(output.name)) throw malformed(`output "${output.name}" is asked for twice, expected once`);
    names.add(output.name);
  }
  return [...names];
};

/**
 * Reads an Open Inference Protocol request: one input a column, shapes [n] or [n,1], data flat or nested.
 * Throws REQUEST_MALFORMED; whether the columns are those of the model is the signature's business.
 */
export const readOpenInferenceRequest = (
  body: JsonValue,
  limits: { readonly maxRows: number },
): OpenInferenceRequest => {
  if (!isObject(body)) throw malformed('the body is not a JSON object, expected {"inputs": […]}');
  if (body.id !== undefined && typeof body.id !== 'string')
    throw malformed('id is not a string, expected a string or nothing');
  const columns = readColumns(body.inputs);
  const rowCount = columns[0]?.rows ?? 0;
  if (rowCount > limits.maxRows)
    throw new MillraceError(
      'REQUEST_TOO_LARGE',
      `the request has ${rowCount} rows, expected at most ${limits.maxRows}`,
    );
  const rows = Array.from({ length: rowCount }, (_, row) =>
    // fromEntries defines own properties, so that a column named __proto__ stays a column.
    Object.fromEntries(columns.map((column) => [column.name, column.values[row] ?? null])),
  );
  const outputs = readOutputNames(body.outputs);
  return {
    ...(body.id === undefined ? {} : { id: body.id }),
    rows,
    ...(outputs === undefined ? {} : { outputs }),
  };
};
