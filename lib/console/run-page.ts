import { keyMetrics, metricTitle } from '../domain/evaluation/index.ts';
import type { DatasetVersion, Run } from '../domain/registry/index.ts';
import { objectKeys } from '../wire/object-keys.ts';
import { readEvaluation, unlessMissing } from './approval-evidence.ts';
import { challengerSection } from './approval-sections.ts';
import { formatDuration, formatMoment, formatNumber, formatValue } from './format.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import { facts, modelPath, reportPath, tag } from './parts.ts';
import type { ConsoleServices } from './services.ts';

const shortHash = (hash: string | undefined): Html | undefined =>
  hash === undefined ? undefined : html`<code title="${hash}">${hash.slice(0, 12)}</code>`;

/** What became of the rows: nothing read is lost, and the page shows the sum. */
export const rowFacts = (rows: DatasetVersion['rows']): Html =>
  facts([
    ['Rows read', formatNumber(rows.read)],
    ['Kept', formatNumber(rows.kept)],
    ['Quarantined', formatNumber(rows.quarantined)],
    ['Training', formatNumber(rows.train)],
    ['Validation', formatNumber(rows.validation)],
    ['Test', formatNumber(rows.test)],
  ]);

const provenance = (run: Run): Html =>
  facts([
    ['Started by', `${run.trigger.by} (${run.trigger.kind.replaceAll('-', ' ')})`],
    ['Why', run.trigger.why],
    ['Started', formatMoment(run.startedAt)],
    ['Finished', run.finishedAt && formatMoment(run.finishedAt)],
    ['Trainer', run.trainer],
    ['Seed', run.seed],
    ['Dataset', shortHash(run.datasetVersion)],
    ['Artifact', shortHash(run.artifactSha256)],
    ['model.json revision', run.specRevision],
    ['Code', run.codeVersion],
    ['Error', run.errorCode && html`<code>${run.errorCode}</code>`],
  ]);

const versionLine = (run: Run): Html | false =>
  run.modelVersion !== undefined &&
  html`<p>Made <a href="${modelPath(run.model)}">${run.model} version ${run.modelVersion}</a> · <a href="${reportPath(run.model, run.modelVersion)}">report</a></p>`;

const section = (title: string, content: Html): Html =>
  html`<h2>${title}</h2><section class="card">${content}</section>`;

/** What the gates said of the run's version against the one that served. */
const judgedSection = async (run: Run, services: ConsoleServices): Promise<Html | false> => {
  if (run.challengerPath === undefined || run.modelVersion === undefined) return false;
  const key = objectKeys.version(run.model, run.modelVersion, 'metrics.json');
  const evaluation = await unlessMissing(readEvaluation(key, services));
  return evaluation !== undefined && challengerSection(evaluation);
};

/** One run: how it went, what it cost in time, and everything needed to repeat it. */
export const runPage = async (runId: string, services: ConsoleServices): Promise<Page> => {
  const run = await services.registry.getRun(runId);
  const dataset =
    run.datasetVersion === undefined
      ? undefined
      : await services.registry.findDataset(run.model, run.datasetVersion);
  const judged = await judgedSection(run, services);
  const steps = Object.entries(run.durationsMs);
  const metrics = run.metrics ?? {};
  const parameters = Object.entries(run.parameters ?? {});
  const body = html`<h1>Run of ${run.model} ${tag(run.status)}</h1>
<p class="lead">${run.outcome ?? 'Under way.'}</p>
${versionLine(run)}
<section class="card">${provenance(run)}</section>
${steps.length > 0 && section('Steps', facts(steps.map(([step, milliseconds]) => [step, formatDuration(milliseconds)])))}
${dataset !== undefined && section('Data', rowFacts(dataset.rows))}
${judged}
${Object.keys(metrics).length > 0 && section('Metrics on the test rows', facts(keyMetrics(metrics).map((name) => [metricTitle(name), formatValue(metrics[name])])))}
${parameters.length > 0 && section('Parameters', facts(parameters.map(([name, value]) => [name, formatValue(value)])))}
<p class="soft small">Run <code>${run.runId}</code></p>`;
  return { title: `Run of ${run.model}`, body, ...(run.status === 'running' ? { refreshSeconds: 3 } : {}) };
};
