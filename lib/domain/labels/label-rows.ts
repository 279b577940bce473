/** Whole numbers and doubles of one row: 56 bytes, where an object of the same would take some 300. */
const wholes = { hashA: 0, hashB: 1, truth: 2, source: 3, row: 4, marks: 5 } as const;
const doubles = { label: 0, at: 1, received: 2, first: 3 } as const;

type Whole = keyof typeof wholes;
type Double = keyof typeof doubles;
const wholeWidth = 6;
const doubleWidth = 4;

/** Rows are held in pieces, so that making room copies nothing. */
const pieceBits = 15;
const pieceRows = 2 ** pieceBits;

interface Piece {
  readonly whole: Int32Array;
  readonly double: Float64Array;
}

/** Rows of numbers by their place. Memory grows with the rows, 56 bytes each, by 1.8 MB at a time. */
export const labelRows = () => {
  const pieces: Piece[] = [];
  let size = 0;
  const pieceOf = (at: number): Piece => pieces[at >> pieceBits] as Piece;
  const inPiece = (at: number): number => at & (pieceRows - 1);
  return {
    size: (): number => size,
    /** The place of a new row, all zeros. */
    append: (): number => {
      if (size === pieces.length * pieceRows)
        pieces.push({
          whole: new Int32Array(pieceRows * wholeWidth),
          double: new Float64Array(pieceRows * doubleWidth),
        });
      size += 1;
      return size - 1;
    },
    whole: (at: number, field: Whole): number =>
      pieceOf(at).whole[inPiece(at) * wholeWidth + wholes[field]] as number,
    setWhole: (at: number, field: Whole, value: number): void => {
      pieceOf(at).whole[inPiece(at) * wholeWidth + wholes[field]] = value;
    },
    double: (at: number, field: Double): number =>
      pieceOf(at).double[inPiece(at) * doubleWidth + doubles[field]] as number,
    setDouble: (at: number, field: Double, value: number): void => {
      pieceOf(at).double[inPiece(at) * doubleWidth + doubles[field]] = value;
    },
  };
};

/** Texts by small numbers, each held once. */
export const heldTexts = () => {
  const numbers = new Map<string, number>();
  const known: string[] = [];
  return {
    numberOf: (text: string): number => {
      const number = numbers.get(text) ?? known.push(text) - 1;
      numbers.set(text, number);
      return number;
    },
    textOf: (number: number): string => known[number] as string,
  };
};
