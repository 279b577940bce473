import { approvalApp } from '../../../lib/console/approval-app.ts';
import { consoleApp } from '../../../lib/console/console-app.ts';
import { laptopApp } from '../../../lib/console/laptop-app.ts';
import { approvalPath } from '../../../lib/console/parts.ts';
import type { ConsoleServices } from '../../../lib/console/services.ts';
import type { Approval, ApprovalDecision } from '../../../lib/domain/approval/index.ts';
import type { WindowRecord } from '../../../lib/domain/drift/index.ts';
import type { Evaluation } from '../../../lib/domain/evaluation/index.ts';
import type { RealisedWindow } from '../../../lib/domain/labels/index.ts';
import { ModelRecord, ModelVersion, Run } from '../../../lib/domain/registry/index.ts';
import type { Decision } from '../../../lib/domain/retraining/index.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { stage } from '../serving/stage.ts';

const secret = 'the secret approval links are signed with';
export const now = Date.parse('2026-11-21T12:00:00Z');

/** An evaluation better than its champion. */
export const evaluation: Evaluation = {
  schemaVersion: 1,
  task: 'binary',
  rows: 17_250,
  classes: ['false', 'true'],
  positiveClass: 'true',
  primary: { name: 'auc', title: 'AUC', value: 0.7134, higherIsBetter: true },
  metrics: { auc: 0.7134, logLoss: 0.448 },
  unknown: {},
  perClass: [],
  confusion: null,
  curves: { roc: [], precisionRecall: [], calibration: [], residuals: [] },
  slices: [],
  importance: null,
  baseline: {
    name: 'the majority class',
    metrics: { auc: 0.5, logLoss: 0.51 },
    advantage: { because: 'not told' },
  },
  champion: { version: 1, metrics: { auc: 0.7012, logLoss: 0.431 } },
  gates: [
    {
      gate: 'minAuc',
      title: 'AUC is at least 0.65',
      status: 'pass',
      value: 0.71,
      limit: 0.65,
      because: 'AUC is 0.7134',
    },
    {
      gate: 'maxChampionLoss',
      title: 'is no worse than version 1',
      status: 'unknown',
      value: null,
      limit: 0,
      because: 'nobody knows',
    },
  ],
  verdict: 'unknown',
  data: { rowsIn: 115_203, rowsKept: 114_980, rowsQuarantined: 223 },
};

export interface DeskStory {
  /** The version that serves. @default - none */
  readonly champion?: number;
  readonly approval?: Partial<Approval>;
  readonly run?: Partial<Run>;
  readonly description?: string;
  /** The text of metrics.json. */
  readonly metrics?: string;
  readonly report?: string;
  /** What the monitor found, newest first, and what labels told and the controller decided. */
  readonly windows?: readonly WindowRecord[];
  readonly realised?: readonly RealisedWindow[];
  readonly decided?: readonly Decision[];
  /** drift.html of the windows, by key. */
  readonly driftPages?: Readonly<Record<string, string>>;
  /** What deciding gives, or throws. */
  readonly decide?: (decision: ApprovalDecision) => Promise<Approval>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** A console over one model, one run and one question; it throws when asked for anything else. */
export const desk = (story: DeskStory = {}) => {
  const decisions: ApprovalDecision[] = [];
  const logged: unknown[] = [];
  let approval: Approval = {
    approvalId: 'approval-7',
    model: 'flight-delay',
    version: 2,
    runId: 'run-7',
    status: 'pending',
    requestedAt: '2026-11-21T11:00:00.000Z',
    expiresAt: '2026-11-24T11:00:00.000Z',
    summary: 'flight-delay version 2 passed its gates',
    evidence: { metrics: 'metrics.json', report: 'report.html' },
    ...story.approval,
  };
  const run = Run.parse({
    runId: 'run-7',
    model: 'flight-delay',
    trigger: { kind: 'new-data', by: 'drop', why: 'week 2 arrived' },
    status: 'running',
    durationsMs: { train: 6120 },
    startedAt: '2026-11-21T10:50:00.000Z',
    ...story.run,
  });
  const version = ModelVersion.parse({
    model: 'flight-delay',
    version: 2,
    runId: 'run-7',
    task: 'binary',
    trainer: 'boosted-trees',
    artifactSha256: 'a',
    artifactKey: 'model.onnx',
    signatureKey: 'signature.json',
    files: { report: 'report.html' },
    metrics: { auc: 0.7134 },
    specRevision: 1,
    codeVersion: '0.1.0',
    createdAt: '2026-11-21T10:59:00.000Z',
  });
  const record = ModelRecord.parse({
    model: 'flight-delay',
    task: 'binary',
    description: story.description,
    specRevision: 1,
    createdAt: '2026-11-01T00:00:00.000Z',
    changedAt: '2026-11-01T00:00:00.000Z',
  });
  const only = <Value>(name: string, asked: string, known: string, value: Value): Value => {
    if (asked !== known) throw new MillraceError('MODEL_UNKNOWN', `there is no ${name} ${asked}`);
    return value;
  };
  const services: ConsoleServices = {
    registry: {
      listModels: async () => [record],
      getModel: async (model) => only('model', model, 'flight-delay', record),
      getRoute: async () => ({
        ...(story.champion !== undefined && { champion: story.champion }),
        formerChampions: [],
        revision: 0,
      }),
      getVersion: async (_model, number) => only('version', String(number), '2', version),
      listVersions: async () => [{ ...version, stage: 'registered' }],
      listRuns: async () => [run],
      getRun: async (runId) => only('run', runId, 'run-7', run),
      findDataset: async () => undefined,
      getApproval: async (id) => {
        if (id !== approval.approvalId)
          throw new MillraceError('APPROVAL_UNKNOWN', `approval "${id}" does not exist`);
        return approval;
      },
      listPendingApprovals: async () => (approval.status === 'pending' ? [approval] : []),
      listAudit: async () => [],
      listWindows: async () => story.windows ?? [],
      listRealisedWindows: async () => story.realised ?? [],
      listDecisions: async () => story.decided ?? [],
    },
    objects: {
      get: async (key) => {
        if (key === 'metrics.json' || key === 'models/flight-delay/2/metrics.json')
          return bytes(story.metrics ?? JSON.stringify(evaluation));
        if (key === 'report.html') return bytes(story.report ?? '<h1>Report</h1>');
        const page = story.driftPages?.[key];
        if (page !== undefined) return bytes(page);
        if (key.startsWith('windows/')) throw new MillraceError('OBJECT_NOT_FOUND', `there is no ${key}`);
        throw new Error(`nobody stored ${key}`);
      },
    },
    decideApproval: async (decision) => {
      decisions.push(decision);
      if (story.decide) return story.decide(decision);
      const { decision: status, by: decidedBy, reason } = decision;
      approval = { ...approval, status, decidedBy, reason, decidedAt: '2026-11-21T12:00:00.000Z' };
      return approval;
    },
    approvalSecret: secret,
    clock: { now: () => now },
  };
  const errors = { log: (entry: unknown) => logged.push(entry), newReference: () => 'reference-1' };
  const path = approvalPath(approval, secret);
  const [address = '', query = ''] = path.split('?');
  const link = Object.fromEntries(new URLSearchParams(query));
  return {
    app: consoleApp(services, errors),
    /** The pages a stage shows to whoever comes by mail. */
    approvals: approvalApp(services, errors),
    laptop: () => laptopApp({ ...errors, predictions: stage([]).predictions, console: services }),
    path,
    address,
    link,
    decisions,
    logged,
    setApproval: (change: Partial<Approval>) => {
      approval = { ...approval, ...change };
    },
  };
};

export const html = { accept: 'text/html' };

/** What a browser sends when the form is filled in. */
export const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { ...html, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  body: new URLSearchParams(fields).toString(),
});
