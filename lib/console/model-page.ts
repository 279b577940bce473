import type { ColumnKind } from '../domain/dataset/index.ts';
import { keyMetrics, metricTitle } from '../domain/evaluation/index.ts';
import type { ModelVersion } from '../domain/registry/index.ts';
import { readSignature, type Signature } from '../domain/signature/index.ts';
import { formatMoment, formatNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { monitorSection } from './monitor-section.ts';
import type { Page } from './page.ts';
import {
  cell,
  moment,
  nowrapCell,
  numberCell,
  reportPath,
  runPath,
  sentenceTable,
  table,
  tag,
} from './parts.ts';
import type { ConsoleServices } from './services.ts';

type Versions = Awaited<ReturnType<ConsoleServices['registry']['listVersions']>>;
type Audit = Awaited<ReturnType<ConsoleServices['registry']['listAudit']>>;

const versionTable = (versions: Versions, now: number): Html => {
  const [newest] = versions;
  const names = newest === undefined ? [] : keyMetrics(newest.metrics).slice(0, 3);
  return table(
    ['Version', 'Stage', ...names.map(metricTitle), 'Trained', ''],
    versions.map((version) => [
      nowrapCell(html`<a href="${runPath(version.runId)}">${version.version}</a>`),
      nowrapCell(tag(version.stage)),
      ...names.map((name) => numberCell(version.metrics[name])),
      nowrapCell(moment(version.createdAt, now)),
      nowrapCell(html`<a href="${reportPath(version.model, version.version)}">report</a>`),
    ]),
  );
};

const auditTable = (audit: Audit): Html =>
  sentenceTable(
    ['When', 'What', 'Who', 'Why'],
    audit.map((entry) => [
      nowrapCell(formatMoment(entry.at)),
      nowrapCell(
        `${entry.action.replaceAll('-', ' ')}${entry.version === undefined ? '' : ` · version ${entry.version}`}`,
      ),
      cell(entry.by),
      cell(entry.why),
    ]),
  );

const readSignatureOf = async (version: ModelVersion, { objects }: ConsoleServices): Promise<Signature> =>
  readSignature(await objects.get(version.signatureKey));

const samples: Record<ColumnKind, string | number | boolean> = {
  number: 1,
  boolean: true,
  datetime: '2026-01-31T12:00:00Z',
  category: '…',
  text: '…',
};

/** A request that fits the signature: copy it, put real values in, and it answers. */
const askSection = (model: string, origin: string, { columns }: Signature): Html => {
  const row = JSON.stringify(Object.fromEntries(columns.map(({ name, kind }) => [name, samples[kind]])));
  // A single quote ends a shell's string: close it, escape one, open it again.
  const quoted = row.replaceAll("'", `'\\''`);
  return html`<h2>Ask it</h2><section class="card"><pre>curl -s ${origin}/models/${model}/predict -d '${quoted}'</pre>
<p class="soft">Or <code>npx millrace predict ${model} --file rows.csv</code>. Each answer carries a <code>predictionId</code>.</p></section>`;
};

/** One model: its versions, newest first, and every decision taken about it. `origin` is where it is asked. */
export const modelPage = async (model: string, services: ConsoleServices, origin: string): Promise<Page> => {
  const { registry, clock } = services;
  const record = await registry.getModel(model);
  const [versions, audit, monitor] = await Promise.all([
    registry.listVersions(model),
    registry.listAudit({ model, limit: 20 }),
    monitorSection(model, services),
  ]);
  const champion = versions.find((version) => version.stage === 'champion');
  const body = html`<h1>${model}</h1>
<p class="lead">${record.description ?? `A ${record.task} model.`} ${
    champion === undefined ? 'Nothing serves yet.' : `Version ${champion.version} serves.`
  }</p>
<h2>Versions</h2>
<section class="card">${versions.length === 0 ? html`<p>None yet.</p>` : versionTable(versions, clock.now())}</section>
${champion !== undefined && askSection(model, origin, await readSignatureOf(champion, services))}
${monitor}
<h2>Decisions</h2>
<section class="card">${auditTable(audit)}</section>
<p class="soft small">model.json revision ${formatNumber(record.specRevision)}, ${formatMoment(record.changedAt)}</p>`;
  return { title: model, body };
};
