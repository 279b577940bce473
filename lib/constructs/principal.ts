import type { Permission } from './permissions.ts';

/** Whoever runs under a role of the stack: a function, a state machine, a training job, a stream. */
export interface Principal {
  allow(permission: Permission): void;
}
