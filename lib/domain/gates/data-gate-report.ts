import * as z from 'zod';
import { GateRow } from './gate-row.ts';

/** `data-gate.json`: what G0 said of the new rows before they were trained on. Other fields are its writer's. */
export const DataGateReport = z.object({
  rows: z.array(GateRow),
  /** The dataset they are in; absent where there is none, because too little was left of them. */
  datasetVersion: z.string().optional(),
  /** The revision of the golden set that was kept from what is learned from; absent where there was none. */
  goldenRevision: z.int().optional(),
});
export type DataGateReport = z.infer<typeof DataGateReport>;
