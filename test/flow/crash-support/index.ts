export { crashAfter, crashAt, endEveryChild, startChild, startCopying, startLoop } from './child.ts';
export { type DroppedHome, dropInto } from './dropped-home.ts';
export { goOn, isOver, startHere, type WholeRun, wholeRunOf } from './whole-run.ts';
