import type { RandomStream } from '../random/index.ts';
import type { Baseline } from './baseline.ts';
import type { BinnedRows } from './binned-rows.ts';
import type { BuiltQuality } from './build-quality.ts';
import type { TimedWindow } from './cut-windows.ts';
import type { Described } from './describe-columns.ts';

/** What lanes are tried on before a version serves. */
export interface SimulationInput {
  readonly baseline: Baseline;
  readonly described: readonly Described[];
  readonly binned: BinnedRows;
  readonly built: BuiltQuality;
  /** The windows its rows make in time, where that is known. */
  readonly windows?: readonly TimedWindow[] | undefined;
  readonly minRows: number;
  readonly windowHours: number;
  readonly falsePageMonths: number;
  readonly random: RandomStream;
}
