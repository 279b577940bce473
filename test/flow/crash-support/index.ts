export { type Child, crashAt, endEveryChild, startChild, startLoop } from './child.ts';
export { type DroppedHome, dropInto } from './dropped-home.ts';
export { goOn, isOver, startHere, wholeRunOf } from './whole-run.ts';
