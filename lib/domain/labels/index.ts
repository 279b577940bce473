export { LabelLine } from './label-line.ts';
export { RealisedWindow } from './realised-window.ts';
