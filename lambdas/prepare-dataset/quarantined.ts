import { acceptedBy, type DataGateReport, type GateRow } from '../../lib/domain/gates/index.ts';
import type { BatchJudgement, Run } from '../../lib/domain/registry/index.ts';
import { writeDataGate } from '../data-gate.ts';
import type { Services } from '../services.ts';

/** The batches in quarantine that this run would have trained on: its own, and those it found unfit itself. */
export const leftOutOf = (run: Run, judgements: readonly BatchJudgement[]): readonly BatchJudgement[] =>
  judgements.filter(
    ({ state, batchId, runId }) =>
      state === 'quarantined' && (batchId === run.batchId || runId === run.runId),
  );

const failuresOf = ({ gate, objection }: BatchJudgement): string =>
  objection === undefined
    ? gate
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ subject, because }) => `${subject}: ${because}`)
        .join('; ')
    : `${objection.by} put it there: ${objection.why}`;

const commandOf = ({ model, batchId }: BatchJudgement): string =>
  `millrace batches accept ${model} ${batchId} --why …`;

/** Why a batch is in quarantine, and how a person lets it in. */
export const becauseOf = (judgement: BatchJudgement): string =>
  `batch ${judgement.batchId} is in quarantine: ${failuresOf(judgement)}; a person who knows better says \`${commandOf(judgement)}\``;

/** Tells people, once for each batch however often the step is done again. */
export const tellQuarantined = async (
  judgements: readonly BatchJudgement[],
  { notifier }: Pick<Services, 'notifier'>,
): Promise<void> => {
  for (const judgement of judgements) {
    const { model, batchId } = judgement;
    await notifier.notify({
      id: `quarantine-${model}-${batchId}`,
      kind: 'data-refused',
      model,
      subject: `A batch of ${model} is in quarantine`,
      text: becauseOf(judgement),
    });
  }
};

/** What G0 says of a batch as things stand: what a person has accepted counts as passed. */
const rowsOf = ({ gate, acceptance }: BatchJudgement): readonly GateRow[] =>
  acceptance === undefined ? gate : acceptedBy(gate, acceptance);

const nothingNew: GateRow = {
  gate: 'G0',
  subject: 'new rows',
  numbers: { rows: 0 },
  limit: null,
  verdict: 'pass',
  because: 'no row is new: the champion was made of all of them',
};

/** Writes down what G0 said of these batches, each named by its rows where there are several. */
export const writeBatchGates = async (
  run: { readonly model: string; readonly runId: string },
  batches: readonly BatchJudgement[],
  facts: Pick<DataGateReport, 'datasetVersion' | 'goldenRevision'>,
  services: Pick<Services, 'objects'>,
): Promise<void> => {
  const rows = batches.flatMap((batch) =>
    rowsOf(batch).map((row) =>
      batches.length === 1 ? row : { ...row, subject: `${row.subject} of batch ${batch.batchId}` },
    ),
  );
  const said = {
    rows: batches.length === 0 ? [nothingNew] : rows,
    ...facts,
    batches: batches.map(({ batchId, kind, state, rows: count, labels }) => ({
      batchId,
      kind,
      state,
      rows: count,
      ...(labels && { labels }),
    })),
  };
  await writeDataGate(run, said, services);
};
