import type { Evaluation } from '../evaluation/index.ts';
import { challengerSection } from './challenger-section.ts';
import { type Html, html } from './html.ts';
import { number, plainWords, verdictWords } from './words.ts';

const marks = { pass: '✓ pass', fail: '✗ fail', unknown: '? unknown' } as const;

const tile = (value: string, name: string): Html =>
  html`<div class="tile"><b>${value}</b><span>${name}</span></div>`;

const primaryTile = ({ primary, metrics }: Evaluation): Html => {
  const interval =
    primary.name === 'auc' && typeof metrics.aucLow === 'number'
      ? `, 95 % interval ${number(metrics.aucLow)}–${number(metrics.aucHigh)}`
      : '';
  return tile(number(primary.value), `${primary.title} of this version${interval}`);
};

const tiles = (evaluation: Evaluation): Html => {
  const { primary, champion, baseline, rows } = evaluation;
  return html`<div class="tiles">${primaryTile(evaluation)}${
    champion === undefined
      ? tile('none', 'no version serves yet')
      : tile(
          number(champion.metrics?.[primary.name]),
          `${primary.title} of version ${champion.version}, serving now`,
        )
  }${tile(number(baseline.metrics[primary.name]), `${primary.title} of ${baseline.name}`)}${tile(
    number(rows),
    'test rows that training never saw',
  )}</div>`;
};

const gates = ({ gates: results }: Evaluation): Html =>
  results.length === 0
    ? html``
    : html`<h2>Gates</h2><div class="scroll gates"><table><caption><span>What was asked of this version, and what came out</span></caption>
<thead><tr><th scope="col">Result</th><th scope="col">Asked</th><th scope="col">Because</th></tr></thead>
<tbody>${results.map(
        ({ status, title, because }) =>
          html`<tr><td class="${status}"><span class="status">${marks[status]}</span></td><th scope="row">${title}</th><td class="wide">${because}</td></tr>`,
      )}</tbody></table></div>`;

/** What the box at the top looks like: a champion that stays is a failure of this version, whatever it passed. */
const toneOf = ({ verdict, challenger }: Evaluation): Evaluation['verdict'] => {
  if (verdict === 'failed' || challenger?.path === 'keep-champion') return 'failed';
  const isSure = verdict === 'passed' && (challenger === undefined || challenger.path === 'promote');
  return isSure ? 'passed' : 'unknown';
};

/** First what was decided and why, then the four numbers, then what they mean in words. */
export const verdictSection = (evaluation: Evaluation): Html => {
  const { title, advice } = verdictWords(evaluation);
  return html`<section class="verdict ${toneOf(evaluation)}"><h1>${title}</h1><p>${advice}</p></section>
${tiles(evaluation)}
${gates(evaluation)}
${challengerSection(evaluation)}
<h2>In plain words</h2><ul class="plain">${plainWords(evaluation).map((line) => html`<li>${line}</li>`)}</ul>`;
};
