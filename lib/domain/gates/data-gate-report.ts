import * as z from 'zod';
import { GateRow } from './gate-row.ts';

/** `data-gate.json`: what G0 said of the new rows before they were trained on. Other fields are its writer's. */
export const DataGateReport = z.object({ rows: z.array(GateRow) });
export type DataGateReport = z.infer<typeof DataGateReport>;
