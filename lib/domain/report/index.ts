export { renderReport } from './render-report.ts';
export type { ReportFacts, TrainingCurve } from './report-facts.ts';
