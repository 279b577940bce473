export { ConstraintsFile, StatisticsFile } from './file-shapes.ts';
export { type FeatureBaseline, readModelMonitorFiles } from './read-files.ts';
export { type ModelMonitorFiles, writeModelMonitorFiles } from './write-files.ts';
