import { type Lane, lanes } from '../../wire/names.ts';
import type { LanePromise } from '../baseline/index.ts';
import { type Html, html } from '../report/html.ts';
import type { ShownFacts } from './facts.ts';
import { shownMoment, shownNumber, shownScore, shownSentence } from './words.ts';

/** What each lane watches, for people. */
export const laneTitles: Readonly<Record<Lane, string>> = {
  'data-quality': 'Data quality',
  drift: 'Drift of features and answers',
  'estimated-quality': 'Estimated quality',
  'realised-quality': 'Quality by labels',
  freshness: 'Traffic',
};

export interface LaneFinding {
  readonly lane: Lane;
  /** Absent: nothing is known. */
  readonly score?: number;
  readonly because: string;
}

const unknownBecause = ({ newest, realised }: ShownFacts, lane: Lane): string => {
  if (lane === 'realised-quality') return realised.at(-1)?.because ?? 'no labels have come yet';
  if (lane === 'estimated-quality' && newest?.estimated && 'unknown' in newest.estimated)
    return newest.estimated.unknown;
  if (lane === 'freshness') return 'the version did not serve the whole window';
  return newest?.outcome === 'judged' ? 'the window has no point in this lane' : 'the window was not judged';
};

/** Labels come late: their lane speaks of the latest window they have judged, the others of the newest. */
const findingOf = (facts: ShownFacts, lane: Lane): LaneFinding => {
  const point = facts.newest?.lanes.find((one) => one.lane === lane);
  if (point !== undefined) return point;
  const judged =
    lane === 'realised-quality' ? facts.realised.findLast(({ score }) => score !== undefined) : undefined;
  if (judged?.score === undefined) return { lane, because: unknownBecause(facts, lane) };
  return {
    lane,
    score: judged.score,
    because: `window until ${shownMoment(judged.windowEnd)}: ${judged.because}`,
  };
};

export const laneFindings = (facts: ShownFacts): readonly LaneFinding[] =>
  lanes.map((lane) => findingOf(facts, lane));

/** What a lane's alarm may cost people in false pages. */
const promiseText = (promise: LanePromise | undefined): string => {
  if (promise === undefined) return 'not measured';
  const { monthsBetweenFalsePages: between, windows, widenedBy } = promise;
  const rate =
    between === undefined
      ? `no false page in ${shownNumber(windows)} simulated windows`
      : `one false page in ${between >= 24 ? `${shownNumber(Math.round(between / 12))} years` : `${shownNumber(Number(between.toPrecision(2)))} months`}`;
  return widenedBy > 1 ? `${rate}, scores divided by ${shownNumber(widenedBy)} for it` : rate;
};

const alarmText = ({ alarms }: ShownFacts, lane: Lane): string => {
  const found = alarms?.find((one) => one.lane === lane);
  if (found === undefined) return alarms === undefined ? '–' : 'none yet';
  const words = { alarm: 'rings', ok: 'quiet', unknown: 'unknown' } as const;
  return `${words[found.state]} since ${shownMoment(found.since)}`;
};

const status = (score: number | undefined): Html => {
  if (score === undefined) return html`<td class="unknown"><span class="status">? unknown</span></td>`;
  return score >= 1
    ? html`<td class="fail"><span class="status">✗ over</span></td>`
    : html`<td class="pass"><span class="status">✓ within</span></td>`;
};

/** Every lane: its score, why, what its alarm does, and how often that alarm is wrong. */
export const laneSection = (facts: ShownFacts): Html => html`<h2>The lanes</h2>
<div class="scroll gates" tabindex="0" role="region" aria-label="The lanes"><table><caption><span>1 is the limit of every score, whatever the lane measures</span></caption>
<thead><tr><th scope="col">Limit</th><th scope="col">Lane</th><th scope="col" class="n">Score</th><th scope="col">Because</th><th scope="col">Alarm</th><th scope="col">Promise</th></tr></thead>
<tbody>${laneFindings(facts).map(
  ({ lane, score, because }) =>
    html`<tr>${status(score)}<th scope="row">${laneTitles[lane]}</th><td class="n">${
      score === undefined ? '–' : shownScore(score)
    }</td><td class="wide">${shownSentence(because)}</td><td>${alarmText(facts, lane)}</td><td>${promiseText(
      facts.baseline?.promises.find((one) => one.lane === lane),
    )}</td></tr>`,
)}</tbody></table></div>`;
