import type { AttributeValue } from '../onnx/index.ts';
import type { GraphBuilder } from './graph-builder.ts';

/**
 * ONNX has no string length, so texts [N, k] are cut into pieces [N, k, most pieces of any text] by ONNX Runtime's
 * Tokenizer, padded with '', and the pieces that are not padding are counted. The padding costs 32 bytes a cell:
 * whoever runs the graph keeps rows × longest text in bounds (`maxTextCells` in lib/adapters/onnx-runtime).
 */
const countPieces = (
  { graph, op, cast, strings, ints, sumOver }: GraphBuilder,
  texts: string,
  cut: Cut,
): string => {
  const attributes = { mark: { int: 0 }, mincharnum: { int: 1 }, pad_value: { string: '' }, ...cut };
  const pieces = graph.node('Tokenizer', [texts], { domain: 'com.microsoft', attributes });
  const isPiece = op('Not', op('Equal', pieces, strings([''])));
  return sumOver(cast(isPiece, 'float64'), ints([2]));
};

type Cut = Readonly<Record<string, AttributeValue>>;

/** Unicode code points of each text; 0 for a missing one. The empty separator cuts between any two characters. */
export const textLengths = (builder: GraphBuilder, texts: string): string =>
  countPieces(builder, texts, { separators: { strings: [''] } });

/** Words of each text: runs of anything but white space, ASCII and Unicode (RE2 syntax). */
export const wordCounts = (builder: GraphBuilder, texts: string): string =>
  countPieces(builder, texts, { tokenexp: { string: '[^\\s\\x0b\\x{85}\\p{Z}]+' } });
