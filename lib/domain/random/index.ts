export { drawIndices } from './draw-indices.ts';
export { type RandomStream, seededRandom } from './xoshiro128.ts';
