export { buildLineage, type LineageParts } from './build-lineage.ts';
export { Lineage } from './lineage.ts';
export { lineageTrail, type TrailStep } from './lineage-trail.ts';
