import { type Html, html } from '../report/html.ts';
import type { ShownFacts } from './facts.ts';
import { laneFindings, laneTitles } from './lane-table.ts';
import { gapReason } from './moments.ts';
import { estimateOf, qualityText } from './quality.ts';
import { windowMovements } from './summaries.ts';
import { shownMoment, shownNumber, shownScore, shownSentence } from './words.ts';

export interface Verdict {
  readonly tone: 'passed' | 'failed' | 'unknown';
  readonly title: string;
  readonly advice: string;
}

/** What the newest window says, in a line and what follows from it. */
export const verdictOf = (facts: ShownFacts): Verdict => {
  const { newest } = facts;
  if (newest === undefined)
    return {
      tone: 'unknown',
      title: 'No window yet',
      advice: 'A window is judged 20 minutes after its end.',
    };
  const over = laneFindings(facts).filter(({ score = 0 }) => score >= 1);
  const [first] = over;
  if (first !== undefined)
    return {
      tone: 'failed',
      title:
        over.length === 1
          ? `Over its limit: ${laneTitles[first.lane]}`
          : `Over their limits: ${over.length} lanes`,
      advice: over.map(({ because }) => sentence(shownSentence(because))).join(' '),
    };
  const reason = gapReason(newest);
  if (reason !== undefined)
    return {
      tone: 'unknown',
      title: 'This window could not be compared',
      advice: `${sentence(reason)} Nothing is known of it, which is not the same as nothing wrong.`,
    };
  return {
    tone: 'passed',
    title: 'Nothing is over its limit',
    advice:
      'What the model is asked, and what it answers, is as on the rows it was validated on, but for chance.',
  };
};

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;

const movementWords = (facts: ShownFacts): readonly string[] => {
  const over = facts.judged?.columns.filter(({ score }) => score >= 1).length ?? 0;
  if (over === 0) return [];
  const told = windowMovements(facts);
  const { newest, judged } = facts;
  const before = judged === newest ? '' : `In the window until ${shownMoment(judged?.windowEnd ?? '')}, `;
  return [
    ...told.map(({ sentence: words }) => `${before}${words}.`),
    ...(over > told.length ? [`${over - told.length} more columns are over the limit.`] : []),
  ];
};

const qualityWords = ({ newest, realised }: ShownFacts): readonly string[] => {
  const lines: string[] = [];
  const estimate = newest && estimateOf(newest);
  if (estimate !== undefined) {
    const text = qualityText(estimate.measure);
    lines.push(
      `By the model's own probabilities ${estimate.measure} is ${text(estimate.value)}; usually ${text(estimate.reference)}.`,
    );
  }
  const judged = realised.findLast(({ outcome }) => outcome === 'judged');
  if (judged?.value !== undefined) {
    const text = qualityText(judged.measure);
    const before = judged.reference === undefined ? '' : `; on the validation rows ${text(judged.reference)}`;
    lines.push(
      `By ${shownNumber(judged.labelledRows)} labels, ${judged.measure} was ${text(judged.value)} in the window until ${shownMoment(judged.windowEnd)}${before}.`,
    );
    if (judged.reliability === 'unreliable')
      lines.push('Labels and estimates disagree: the meaning of the inputs has changed. Trust the labels.');
  }
  return lines;
};

const decisionWords = ({ decisions }: ShownFacts): readonly string[] => {
  const latest = decisions.toSorted((a, b) => Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt))[0];
  return latest === undefined
    ? []
    : [
        `The controller's latest decision, ${shownMoment(latest.at)}: ${latest.decision}, because ${shownSentence(latest.because.join('; '))}.`,
      ];
};

const tile = (value: string, name: string): Html =>
  html`<div class="tile"><b>${value}</b><span>${name}</span></div>`;

const tiles = (facts: ShownFacts): Html => {
  const findings = laneFindings(facts);
  const score = (lane: string) => findings.find((one) => one.lane === lane)?.score;
  const told = (lane: string) => {
    const value = score(lane);
    return value === undefined ? 'unknown' : shownScore(value);
  };
  const { newest } = facts;
  const moved = newest?.columns.filter((one) => one.score >= 1).length ?? 0;
  return html`<div class="tiles">${tile(told('drift'), newest?.outcome === 'judged' ? `drift; ${moved} column${moved === 1 ? '' : 's'} over the limit of 1` : 'drift')}${tile(
    told('data-quality'),
    'data quality',
  )}${tile(told('estimated-quality'), 'loss of estimated quality')}${tile(told('realised-quality'), 'loss of quality by labels')}${tile(
    newest === undefined ? '–' : shownNumber(newest.rows),
    `rows${newest !== undefined && newest.windows > 1 ? `, of ${newest.windows} windows together` : ' in this window'}`,
  )}</div>`;
};

/** First what is wrong, if anything, then the numbers, then what they mean in words. */
export const verdictSection = (facts: ShownFacts): Html => {
  const { tone, title, advice } = verdictOf(facts);
  const words = [...movementWords(facts), ...qualityWords(facts), ...decisionWords(facts)];
  return html`<section class="verdict ${tone}"><h1>${title}</h1><p>${advice}</p></section>
${tiles(facts)}${
  words.length === 0
    ? ''
    : html`<h2>In plain words</h2><ul class="plain">${words.map((line) => html`<li>${line}</li>`)}</ul>`
}`;
};
