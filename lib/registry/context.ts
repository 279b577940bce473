import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** What the registry asks of the world. */
export interface RegistryContext {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Now, ISO 8601 UTC. */
export const nowOf = (context: RegistryContext): string => new Date(context.clock.now()).toISOString();
