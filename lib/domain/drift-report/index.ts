export { describeMovement, type PartMovement, partMovements } from './describe-movement.ts';
export { type DriftReportFacts, maxShownWindows } from './facts.ts';
export { laneTitles } from './lane-table.ts';
export { renderDriftReport } from './render-drift-report.ts';
export { type WindowMovement, type WindowQuality, windowMovements, windowQuality } from './summaries.ts';
