export type { ExecutionResult } from './execute.ts';
export { parseDefinition } from './parse-definition.ts';
export { type RunOptions, runStateMachine } from './run-state-machine.ts';
export type { TaskAnswer, TaskTokens } from './task-tokens.ts';
export type { InvokeRequest, TaskHandle } from './visit.ts';
