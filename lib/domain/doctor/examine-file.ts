import type { DecodedModel } from '../onnx/index.ts';
import { error, type Finding } from './finding.ts';

/** What ONNX Runtime 1.30 reads (its release notes and `onnxruntime/core/graph/onnx_protobuf.h`). */
const maxIrVersion = 13;
const maxOpsets = { '': 26, 'ai.onnx.ml': 5 } as const;

/** Domains whose operators the published builds of ONNX Runtime for Node carry. */
const knownDomains = new Set([
  '',
  'ai.onnx.ml',
  'com.microsoft',
  'com.microsoft.nchwc',
  'ai.onnx.preview.training',
]);

/** Whether ONNX Runtime can read the file at all, as far as can be told without loading it. */
export const examineFile = (model: DecodedModel): Finding[] => [
  ...versions(model),
  ...oldTrees(model),
  ...unknownOperators(model),
  ...externalData(model),
];

const versions = ({ irVersion, opsets }: DecodedModel): Finding[] => {
  const findings: Finding[] = [];
  if (irVersion > maxIrVersion)
    findings.push(
      error(
        'IR_TOO_NEW',
        `the file has IR version ${irVersion}, ONNX Runtime reads up to ${maxIrVersion}`,
        'set `model.ir_version = 10` before `onnx.save`, or export with an older onnx package',
      ),
    );
  for (const [domain, max] of Object.entries(maxOpsets)) {
    const version = opsets.get(domain) ?? 0;
    if (version <= max) continue;
    const name = domain === '' ? 'the core operators' : domain;
    findings.push(
      error(
        'OPSET_TOO_NEW',
        `the model imports version ${version} of ${name}, ONNX Runtime has up to ${max}`,
        `export with target_opset={'': 21, 'ai.onnx.ml': 3}`,
      ),
    );
  }
  return findings;
};

/** Their successor TreeEnsemble came with version 5, which ended them: ONNX Runtime refuses the mixture. */
const oldTrees = ({ nodes, opsets }: DecodedModel): Finding[] => {
  const old = nodes.find(({ operator }) => /^TreeEnsemble(Classifier|Regressor)$/.test(operator));
  if (old === undefined || (opsets.get('ai.onnx.ml') ?? 0) < 5) return [];
  return [
    error(
      'TREES_TOO_OLD_FOR_OPSET',
      `the model uses ${old.operator}, which ai.onnx.ml 5 no longer has`,
      `export with target_opset={'': 21, 'ai.onnx.ml': 3}`,
    ),
  ];
};

const unknownOperators = ({ nodes, functionDomains }: DecodedModel): Finding[] => {
  const unknown = nodes.filter(({ domain }) => !knownDomains.has(domain) && !functionDomains.has(domain));
  const byDomain = Map.groupBy(unknown, ({ domain }) => domain);
  return [...byDomain].map(([domain, of]) => {
    const operators = [...new Set(of.map(({ operator }) => operator))].slice(0, 5).join(', ');
    return error(
      'UNKNOWN_OPERATORS',
      `the model uses operators of "${domain}" (${operators}), which ONNX Runtime for Node does not have`,
      'export without custom operators, or do that step before the model',
    );
  });
};

const externalData = ({ externalInitializers }: DecodedModel): Finding[] => {
  const [first] = externalInitializers;
  if (first === undefined) return [];
  return [
    error(
      'EXTERNAL_DATA',
      `the values of ${externalInitializers.length} tensor(s) lie in another file, "${first}" for one`,
      'save the model as one file: onnx.save(model, path, save_as_external_data=False)',
    ),
  ];
};
