export { GoldenSet } from './golden-set.ts';
