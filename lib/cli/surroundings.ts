import type { InboxEntry } from '../console/services.ts';
import type { Approval, ApprovalDecision } from '../domain/approval/index.ts';
import type { Finding } from '../domain/doctor/index.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Registry } from '../registry/index.ts';
import type { PredictionService } from '../serving/predictions.ts';

/** A home folder opened to read and to write records: quick, without the workflow or a model runtime. */
export interface Desk {
  readonly registry: Registry;
  readonly objects: ObjectStore;
  readonly inbox: (limit: number) => readonly InboxEntry[];
  /** Where the home's server answers, or last answered. */
  readonly address?: string;
  /** Signs the links to approval pages. */
  readonly approvalSecret: string;
  readonly close: () => void | Promise<void>;
}

export interface StartRequest {
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly yes: boolean;
  readonly example?: string;
}

export interface Reproduction {
  readonly isSame: boolean;
  readonly expectedSha256: string;
  readonly actualSha256: string;
}

/** Everything the commands ask of the world. Heavy things are functions, loaded when a command needs them. */
export interface Surroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The operating system's name for who is at the keyboard. */
  readonly user: () => string;
  readonly now: () => number;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Its sha256 in hexadecimal, streamed: data files may be larger than the memory. */
  readonly hashFile: (path: string) => Promise<string>;
  readonly openDesk: (home: string, options?: { readonly create?: boolean }) => Promise<Desk>;
  readonly decideApproval: (home: string, decision: ApprovalDecision) => Promise<Approval>;
  /** Has the files that wait for a model collected, by the running server or the next one. */
  readonly collect: (home: string, model: string) => Promise<void>;
  readonly withPredictions: <Result>(
    home: string,
    work: (predictions: PredictionService) => Promise<Result>,
  ) => Promise<Result>;
  /** Resolves when the server has been stopped. */
  readonly start: (request: StartRequest) => Promise<void>;
  readonly reproduce: (home: string, runId: string) => Promise<Reproduction>;
  readonly examine: (
    path: string,
    options: { readonly home: string; readonly model?: string },
  ) => Promise<readonly Finding[]>;
  readonly productVersion: () => string;
}
