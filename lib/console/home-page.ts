import type { Approval } from '../domain/approval/index.ts';
import { keyMetrics, metricTitle } from '../domain/evaluation/index.ts';
import type { ModelRecord, ModelVersion, Run } from '../domain/registry/index.ts';
import type { RouteView } from '../domain/routing/index.ts';
import { formatAgo, formatDuration, formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import {
  approvalPath,
  cell,
  modelPath,
  moment,
  nowrapCell,
  reportPath,
  runPath,
  sentenceTable,
  tag,
} from './parts.ts';
import type { ConsoleServices } from './services.ts';

/** Runs that stand still until a person decides. */
type Waiting = ReadonlySet<string>;

interface ModelCard {
  readonly record: ModelRecord;
  readonly route: RouteView;
  readonly champion?: ModelVersion;
  readonly runs: readonly Run[];
}

const readCard = async (record: ModelRecord, { registry }: ConsoleServices): Promise<ModelCard> => {
  const [route, runs] = await Promise.all([
    registry.getRoute(record.model),
    registry.listRuns(record.model, { limit: 8 }),
  ]);
  if (route.champion === undefined) return { record, route, runs };
  return { record, route, runs, champion: await registry.getVersion(record.model, route.champion) };
};

const decisions = (pending: readonly Approval[], services: ConsoleServices): Html | false => {
  if (pending.length === 0) return false;
  const now = services.clock.now();
  return html`<div class="notice wait">
<p><strong>${pending.length === 1 ? 'One decision waits for you' : `${pending.length} decisions wait for you`}</strong></p>
${pending.map(
  (
    approval,
  ) => html`<p><a href="${approvalPath(approval, services.approvalSecret)}">Review ${approval.model} version ${approval.version}</a>
<span class="small">· asked ${formatAgo(approval.requestedAt, now)}, closes ${formatAgo(approval.expiresAt, now)}</span></p>`,
)}</div>`;
};

const servingLine = ({ record, route, champion }: ModelCard): Html => {
  if (champion === undefined) return html`<p class="soft">Nothing serves yet.</p>`;
  const { metrics } = champion;
  const numbers = keyMetrics(metrics)
    .slice(0, 3)
    .map((name) => html` · ${metricTitle(name)} ${formatNumber(metrics[name] ?? Number.NaN)}`);
  const challenger =
    route.canary !== undefined
      ? html` · version ${route.canary.version} answers ${route.canary.percent} %`
      : route.shadow !== undefined && html` · version ${route.shadow} runs in shadow`;
  return html`<p>Version ${champion.version} serves${numbers}${challenger}
 · <a href="${reportPath(record.model, champion.version)}">report</a></p>`;
};

const modelCard = (card: ModelCard, waiting: Waiting): Html => {
  const { record } = card;
  const isTraining = card.runs.some((run) => run.status === 'running' && !waiting.has(run.runId));
  return html`<section class="card">
<div class="row"><a class="name" href="${modelPath(record.model)}">${record.model}</a>
<span>${card.champion === undefined ? tag('registered', 'not serving') : tag('champion', 'serving')} ${isTraining && tag('running', 'training')}</span></div>
${record.description !== undefined && html`<p class="soft">${record.description}</p>`}
${servingLine(card)}
</section>`;
};

const runRow = (run: Run, waiting: Waiting, now: number): readonly Html[] => [
  cell(html`<a href="${runPath(run.runId)}">${run.model}</a>`),
  nowrapCell(waiting.has(run.runId) ? tag('pending', 'waits for a decision') : tag(run.status)),
  nowrapCell(moment(run.startedAt, now)),
  nowrapCell(
    run.finishedAt === undefined
      ? '–'
      : formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)),
  ),
  cell(run.outcome ?? run.trigger.why),
];

const messages = (services: ConsoleServices): Html | false => {
  const entries = services.inbox?.(5) ?? [];
  if (entries.length === 0) return false;
  return html`<h2>Messages</h2><section class="card">${entries.map(
    ({ notification, receivedAt }) =>
      html`<p><strong>${notification.subject}</strong> <span class="soft small">${notification.model} · ${moment(receivedAt, services.clock.now())}</span></p>`,
  )}</section>`;
};

const empty = html`<section class="card"><p>No model yet. Drop a <code>model.json</code> and a data file:</p>
<pre>npx millrace apply model.json
npx millrace drop my-model data.csv</pre></section>`;

/** What runs here, what waits for a person, and what happened last. */
export const homePage = async (services: ConsoleServices): Promise<Page> => {
  const [models, pending] = await Promise.all([
    services.registry.listModels(),
    services.registry.listPendingApprovals(),
  ]);
  const cards = await Promise.all(models.map((record) => readCard(record, services)));
  const waiting: Waiting = new Set(pending.map(({ runId }) => runId));
  const runs = cards
    .flatMap((card) => card.runs)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    .slice(0, 8);
  const body = html`${decisions(pending, services)}
<h1>Models</h1>
<p class="lead">What answers now, and what is on its way.</p>
${cards.length === 0 ? empty : cards.map((card) => modelCard(card, waiting))}
${
  runs.length > 0 &&
  html`<h2>Latest runs</h2><section class="card">${sentenceTable(
    ['Model', 'State', 'Started', 'Took', 'Outcome'],
    runs.map((run) => runRow(run, waiting, services.clock.now())),
  )}</section>`
}
${messages(services)}`;
  const isBusy = runs.some((run) => run.status === 'running' && !waiting.has(run.runId));
  return { title: 'Models', body, ...(isBusy ? { refreshSeconds: 5 } : {}) };
};
