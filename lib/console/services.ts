import type { Approval, ApprovalDecision } from '../domain/approval/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notification } from '../ports/notifier.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Registry } from '../registry/index.ts';

export interface InboxEntry {
  readonly notification: Notification;
  readonly receivedAt: string;
}

/** What the pages read, and the one thing they do. */
export interface ConsoleServices {
  readonly registry: Pick<
    Registry,
    | 'listModels'
    | 'getModel'
    | 'getRoute'
    | 'getVersion'
    | 'listVersions'
    | 'listRuns'
    | 'getRun'
    | 'findDataset'
    | 'getApproval'
    | 'listPendingApprovals'
    | 'listAudit'
    | 'listWindows'
    | 'listRealisedWindows'
    | 'listDecisions'
  >;
  readonly objects: Pick<ObjectStore, 'get'>;
  /** Records a decision and tells the workflow that waits for it. */
  readonly decideApproval: (decision: ApprovalDecision) => Promise<Approval>;
  /** Signs the links to approval pages. */
  readonly approvalSecret: string;
  readonly clock: Pick<Clock, 'now'>;
  /** The latest messages to people, newest first. */
  readonly inbox?: (limit: number) => readonly InboxEntry[];
}

/** What finding a page of the monitor takes. */
export interface DriftServices extends Pick<ConsoleServices, 'objects'> {
  readonly registry: Pick<ConsoleServices['registry'], 'listWindows'>;
}

/** What the page of an approval reads and does. */
export interface ApprovalServices extends Omit<ConsoleServices, 'registry' | 'inbox'> {
  readonly registry: Pick<
    ConsoleServices['registry'],
    'getApproval' | 'getRun' | 'getRoute' | 'findDataset' | 'listWindows'
  >;
  /** It is the only page there is: it leads to no other. @default false */
  readonly isAlone?: boolean;
}
