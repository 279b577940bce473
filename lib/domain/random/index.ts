export { drawIndices } from './draw-indices.ts';
export { type RandomStream, seededRandom, xoshiro128 } from './xoshiro128.ts';
