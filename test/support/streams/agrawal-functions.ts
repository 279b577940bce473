/** A loan application (Agrawal, Imielinski and Swami, 1993). */
export interface Applicant {
  readonly salary: number;
  readonly commission: number;
  readonly age: number;
  readonly educationLevel: number;
  readonly houseValue: number;
  readonly houseYears: number;
  readonly loan: number;
}

/** The function of the paper, 1 to 10. */
export type AgrawalConcept = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

type Range = readonly [low: number, high: number];
type ByAge<Value> = readonly [young: Value, middle: Value, old: Value];

const isIn = (value: number, [low, high]: Range): boolean => low <= value && value <= high;

const ageGroup = (age: number): 0 | 1 | 2 => (age < 40 ? 0 : age < 60 ? 1 : 2);

const k = (low: number, high: number): Range => [low * 1000, high * 1000];

const pay: ByAge<Range> = [k(50, 100), k(75, 125), k(25, 75)];
const schooling: ByAge<Range> = [
  [0, 1],
  [1, 3],
  [2, 4],
];
/** Function 4: the pay asked for of those in the schooling of their age, and of the others. */
const paySchooled: ByAge<Range> = [k(25, 75), k(50, 100), k(50, 100)];
/** Function 5: the loan allowed to those in the pay of their age, and to the others. */
const loanPaid: ByAge<Range> = [k(100, 300), k(200, 400), k(300, 500)];
const loanUnpaid: ByAge<Range> = [k(200, 400), k(300, 500), k(100, 300)];

const income = ({ salary, commission }: Applicant): number => (2 * (salary + commission)) / 3;

/** A fifth of what the house has gained from its twentieth year on. */
const equityShare = ({ houseValue, houseYears }: Applicant): number =>
  (houseValue * Math.max(0, houseYears - 20)) / 10 / 5;

/** Whether an applicant belongs to group A. */
const isGroupA: Readonly<Record<AgrawalConcept, (applicant: Applicant) => boolean>> = {
  1: ({ age }) => ageGroup(age) !== 1,
  2: ({ age, salary }) => isIn(salary, pay[ageGroup(age)]),
  3: ({ age, educationLevel }) => isIn(educationLevel, schooling[ageGroup(age)]),
  4: ({ age, educationLevel, salary }) => {
    const group = ageGroup(age);
    return isIn(salary, (isIn(educationLevel, schooling[group]) ? paySchooled : pay)[group]);
  },
  5: ({ age, salary, loan }) => {
    const group = ageGroup(age);
    return isIn(loan, (isIn(salary, pay[group]) ? loanPaid : loanUnpaid)[group]);
  },
  6: ({ age, salary, commission }) => isIn(salary + commission, pay[ageGroup(age)]),
  7: (applicant) => income(applicant) - applicant.loan / 5 - 20_000 > 0,
  8: (applicant) => income(applicant) - 5000 * applicant.educationLevel - 20_000 > 0,
  9: (applicant) => income(applicant) - 5000 * applicant.educationLevel - applicant.loan / 5 - 10_000 > 0,
  10: (applicant) =>
    income(applicant) - 5000 * applicant.educationLevel + equityShare(applicant) - 10_000 > 0,
};

/** 0 for group A, 1 for group B. */
export const agrawalClass = (applicant: Applicant, concept: AgrawalConcept): number =>
  isGroupA[concept](applicant) ? 0 : 1;
