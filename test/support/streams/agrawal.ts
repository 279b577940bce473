import { type RandomStream, seededRandom } from '../../../lib/domain/random/index.ts';
import { type AgrawalConcept, type Applicant, agrawalClass } from './agrawal-functions.ts';
import { type ConceptStream, conceptCounter, type StreamOptions } from './concept-stream.ts';

const numbered = (name: string, count: number, first: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + first}`);

const columns = [
  { name: 'salary' },
  { name: 'commission' },
  { name: 'age' },
  { name: 'elevel', values: numbered('level', 5, 0) },
  { name: 'car', values: numbered('car', 20, 1) },
  { name: 'zipcode', values: numbered('zipcode', 9, 1) },
  { name: 'hvalue' },
  { name: 'hyears' },
  { name: 'loan' },
];

interface Drawn extends Applicant {
  readonly car: number;
  readonly zipcode: number;
}

const drawApplicant = (random: RandomStream): Drawn => {
  const below = (count: number) => Math.floor(count * random.next());
  const salary = 20_000 + 130_000 * random.next();
  const commission = salary >= 75_000 ? 0 : 10_000 + 65_000 * random.next();
  const zipcode = below(9);
  return {
    salary,
    commission,
    age: 20 + below(61),
    educationLevel: below(5),
    car: below(20),
    zipcode,
    houseValue: (9 - zipcode) * 100_000 * (0.5 + random.next()),
    houseYears: 1 + below(30),
    loan: 500_000 * random.next(),
  };
};

/** Moves a number by up to the share of its range, to either side, and back inside of its limits. */
const perturber =
  (random: RandomStream, share: number) =>
  (value: number, low: number, high: number, range = high - low): number =>
    Math.min(high, Math.max(low, value + range * share * (2 * random.next() - 1)));

export interface AgrawalOptions extends StreamOptions<AgrawalConcept> {
  readonly perturbedShare?: number;
}

/**
 * Applicants by one of ten functions. Numbers are perturbed after the class is known: that is the noise. MOA cuts the
 * perturbed house value at 135,000, a tenth of what it may be, and so does this.
 */
export const agrawalStream = (options: AgrawalOptions): ConceptStream => {
  const random = seededRandom(options.seed);
  const conceptNow = conceptCounter(options);
  const { perturbedShare = 0.05 } = options;
  const perturb = perturber(random, perturbedShare);
  const shown = (drawn: Drawn): readonly number[] => {
    const { salary, commission, age, educationLevel, car, zipcode, houseValue, houseYears, loan } = drawn;
    if (perturbedShare === 0)
      return [salary, commission, age, educationLevel, car, zipcode, houseValue, houseYears, loan];
    return [
      perturb(salary, 20_000, 150_000),
      commission > 0 ? perturb(commission, 10_000, 75_000) : 0,
      Math.round(perturb(age, 20, 80)),
      educationLevel,
      car,
      zipcode,
      perturb(houseValue, 0, 135_000, (9 - zipcode) * 100_000),
      Math.round(perturb(houseYears, 1, 30)),
      perturb(loan, 0, 500_000),
    ];
  };
  return {
    columns,
    classes: ['groupA', 'groupB'],
    next: (cells) => {
      const drawn = drawApplicant(random);
      cells.set(shown(drawn));
      return agrawalClass(drawn, conceptNow());
    },
  };
};
