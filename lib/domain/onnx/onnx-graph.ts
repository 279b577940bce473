import type { AttributeValue, OnnxNode, OnnxTensor, OnnxValue } from './onnx-types.ts';

export interface NodeOptions {
  /** @default - the operator and a running number, e.g. "Concat_3" */
  readonly name?: string;
  /** @default '' - the core operators */
  readonly domain?: OnnxNode['domain'];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Names of the outputs. @default - one output, named after the node */
  readonly outputs?: readonly string[];
}

/**
 * An ONNX graph in the making: append-only, and every tensor name is defined exactly once, before it is used.
 * A broken rule is a mistake of the program that builds the graph, so it throws a plain Error.
 */
export class OnnxGraph {
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #initializers: OnnxTensor[] = [];
  readonly #nodes: OnnxNode[] = [];
  readonly #tensorNames = new Set<string>();
  readonly #nodeNames = new Set<string>();
  #counter = 0;

  get inputs(): readonly OnnxValue[] {
    return this.#inputs;
  }

  get outputs(): readonly OnnxValue[] {
    return this.#outputs;
  }

  get initializers(): readonly OnnxTensor[] {
    return this.#initializers;
  }

  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  /** Declares an input of the model; returns its name. */
  input(name: string, type: OnnxValue['type'], shape: OnnxValue['shape']): string {
    this.#define(name);
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Adds a constant; returns its name. `data` is kept, not copied. Two constants may not share a name. */
  initializer(
    name: string,
    type: OnnxTensor['type'],
    dims: readonly number[],
    data: OnnxTensor['data'],
  ): string {
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (size !== data.length)
      throw new Error(`constant "${name}" has ${data.length} values, its shape [${dims}] needs ${size}`);
    this.#define(name);
    this.#initializers.push({ name, type, dims, data });
    return name;
  }

  /** Appends an operator and returns the name of its first output. An input may be '' where the operator allows it. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    for (const input of inputs) if (input !== '') this.#require(input, operator);
    const name = this.#nodeName(operator, options.name);
    const outputs = options.outputs ?? [this.uniqueName(name)];
    const [first] = outputs;
    if (first === undefined) throw new Error(`node "${name}" has no outputs, needs at least one`);
    for (const output of outputs) if (output !== '') this.#define(output);
    const { domain = '', attributes = {} } = options;
    this.#nodes.push({ name, domain, operator, inputs, outputs, attributes });
    return first;
  }

  /** Declares a tensor made by a node as an output of the model. */
  output(name: string, type: OnnxValue['type'], shape: OnnxValue['shape']): void {
    this.#require(name, 'the model output');
    this.#outputs.push({ name, type, shape });
  }

  /** A tensor name nothing has yet, e.g. for a constant: `graph.initializer(graph.uniqueName('mean'), …)`. */
  uniqueName(prefix: string): string {
    let name = prefix;
    while (this.#tensorNames.has(name)) name = `${prefix}_${++this.#counter}`;
    return name;
  }

  #nodeName(operator: string, wanted: string | undefined): string {
    if (wanted !== undefined && this.#nodeNames.has(wanted))
      throw new Error(`two nodes are named "${wanted}"`);
    let name = wanted ?? operator;
    while (this.#nodeNames.has(name)) name = `${operator}_${++this.#counter}`;
    this.#nodeNames.add(name);
    return name;
  }

  #define(name: string): void {
    if (name === '') throw new Error('a tensor needs a name, got an empty one');
    if (this.#tensorNames.has(name)) throw new Error(`two tensors are named "${name}"`);
    this.#tensorNames.add(name);
  }

  #require(name: string, reader: string): void {
    if (!this.#tensorNames.has(name))
      throw new Error(`${reader} reads "${name}", which nothing has made yet`);
  }
}
