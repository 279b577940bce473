import type { OpenLeaving } from '../cloud/leaving/open-leaving.ts';
import type { SmokeResult } from '../cloud/smoke/smoke-test.ts';
import type { InboxEntry } from '../console/services.ts';
import type { Approval, ApprovalDecision } from '../domain/approval/index.ts';
import type { Finding } from '../domain/doctor/index.ts';
import type { BaselineColumn, Profile } from '../domain/drift/index.ts';
import type { GoldenSet } from '../domain/golden/index.ts';
import type { PlainAnswer } from '../domain/prediction/index.ts';
import type { Verdict } from '../domain/retraining/index.ts';
import type { Signature } from '../domain/signature/index.ts';
import type { AlarmBook } from '../ports/alarm-book.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Registry } from '../registry/index.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Place, StagePlace } from './place.ts';

/** A home folder or a deployed stage opened to read and to write records: quick, without the workflow or a model runtime. */
export interface Desk {
  readonly registry: Registry;
  readonly objects: ObjectStore;
  readonly inbox: (limit: number) => readonly InboxEntry[] | Promise<readonly InboxEntry[]>;
  /** Where people decide: the home's server, as it answers or last answered, or the stage's console; empty: there is no page. */
  readonly address?: string;
  /** The alarms of models' lanes, to look at. @default - their states are not shown */
  readonly alarms?: () => Promise<Pick<AlarmBook, 'states'>>;
  /** Signs the links to approval pages. */
  readonly approvalSecret: () => string | Promise<string>;
  /** Who is asking, as AWS knows them. @default - nobody knows: the user of this machine */
  readonly caller?: () => Promise<string>;
  readonly close: () => void | Promise<void>;
}

/** What a row must hold to be asked with. */
export type AskedColumns = readonly Pick<Signature['columns'][number], 'name' | 'kind'>[];

/** Whoever answers for the versions that serve: this process, or a stage's endpoint. */
export interface Answers {
  /** Throws MODEL_UNKNOWN, NOTHING_SERVING. */
  readonly columnsOf: (model: string) => Promise<AskedColumns>;
  readonly ask: (
    model: string,
    rows: readonly JsonObject[],
  ) => Promise<{ readonly predictions: readonly PlainAnswer[]; readonly version: number }>;
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

export interface RetrainRequest {
  readonly model: string;
  readonly why: string;
  readonly by: string;
}

/** What the controller made of a request. */
export type RetrainAnswer = Verdict & { readonly runId?: string };

/** Trusted rows to freeze; without a file, test rows of the model's own data. */
export interface GoldenSetRequest {
  readonly model: string;
  readonly action: 'freeze' | 'refresh';
  readonly filePath?: string;
  readonly by: string;
  readonly why: string;
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
  readonly openDesk: (place: Place, options?: { readonly create?: boolean }) => Promise<Desk>;
  readonly decideApproval: (place: Place, decision: ApprovalDecision) => Promise<Approval>;
  /** Has the files that wait for a model collected, by the running server, the next one, or the stage. */
  readonly collect: (place: Place, model: string) => Promise<void>;
  /** Asks the retraining controller for a new model; a request that must wait is kept. */
  readonly retrain: (place: Place, request: RetrainRequest) => Promise<RetrainAnswer>;
  readonly freezeGoldenSet: (place: Place, request: GoldenSetRequest) => Promise<GoldenSet>;
  readonly withPredictions: <Result>(
    place: Place,
    work: (predictions: Answers) => Promise<Result>,
  ) => Promise<Result>;
  /** Resolves when the server has been stopped. */
  readonly start: (request: StartRequest) => Promise<void>;
  readonly reproduce: (place: Place, runId: string) => Promise<Reproduction>;
  readonly examine: (
    path: string,
    options: { readonly place: Place; readonly model?: string },
  ) => Promise<readonly Finding[]>;
  /** Counts the rows of a data file in bins. Throws DATA_FORMAT_UNKNOWN, DATA_UNREADABLE. */
  readonly profileFile: (
    path: string,
    columns: readonly Pick<BaselineColumn, 'name' | 'bins'>[],
  ) => Promise<Profile & { readonly unreadableRows: number }>;
  /** Writes a page under the name, or where it is not to be kept into the folder of temporary files; says where it is. */
  readonly writePage: (page: string, name: string, options: { readonly isKept: boolean }) => Promise<string>;
  /** Shows a file to whoever is at the keyboard; without a browser to do so, nothing happens. */
  readonly openPage: (path: string) => Promise<void>;
  readonly openLeaving: (place: StagePlace) => Promise<OpenLeaving>;
  /** Throws SMOKE_FAILED. */
  readonly smoke: (place: StagePlace, tell: (text: string) => void) => Promise<SmokeResult>;
  /** A line typed in answer; `undefined` when nobody is at a terminal. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly productVersion: () => string;
}
