import { describe, expect, test } from 'vitest';
import {
  type AgrawalConcept,
  type Applicant,
  agrawalClass,
  agrawalStream,
  takeRows,
} from '../../support/streams/index.ts';
import { expectShare, rows } from './shares.ts';

describe('Agrawal', () => {
  /** Whether each of the ten functions puts somebody in group A. */
  const groupA = (applicant: Applicant) =>
    Array.from({ length: 10 }, (_, index) =>
      agrawalClass(applicant, (index + 1) as AgrawalConcept) === 0 ? 'A' : '-',
    ).join('');
  const house = { houseValue: 0, houseYears: 1 };

  test('judges applicants as the paper does', () => {
    const young = { salary: 60_000, commission: 50_000, age: 30, educationLevel: 0, loan: 250_000, ...house };
    const middle = { salary: 80_000, commission: 0, age: 45, educationLevel: 4, loan: 450_000, ...house };
    const old = { salary: 80_000, commission: 0, age: 70, educationLevel: 3, loan: 200_000, ...house };

    // Function 7 to 10 by hand, 2/3 of pay less what is owed: 73.3 − 50 − 20 = 3.3; − 0 − 20; − 50 − 10; − 10.
    expect(groupA(young)).toBe('AAAAA-AAAA');
    // 53.3 − 90 − 20 < 0; − 20 − 20 = 13.3; − 20 − 90 − 10 < 0; − 20 − 10 = 23.3.
    expect(groupA(middle)).toBe('-A-A-A-A-A');
    // 53.3 − 40 − 20 < 0; − 15 − 20 = 18.3; − 15 − 40 − 10 < 0; − 15 − 10 = 28.3.
    expect(groupA(old)).toBe('A-AAA--A-A');
  });

  test('counts a house from its twentieth year on', () => {
    const poor = {
      salary: 20_000,
      commission: 10_000,
      age: 50,
      educationLevel: 4,
      loan: 0,
      houseValue: 100_000,
    };

    // 20 − 20 − 10 = −10, and 100 · (30 − 20)/10 / 5 = 20 more.
    expect(agrawalClass({ ...poor, houseYears: 20 }, 10)).toBe(1);
    expect(agrawalClass({ ...poor, houseYears: 30 }, 10)).toBe(0);
  });

  test('puts 20 of 61 years of age in group B by function 1 and keeps numbers inside of their ranges', () => {
    const { columns, labels } = takeRows(agrawalStream({ seed: 51, concept: 1 }), rows);
    // 40 … 59 are 20 of the 61 years from 20 to 80.
    expectShare(labels.filter((label) => label === 1).length / rows, 20 / 61);

    const [salary, , age, , , , houseValue] = columns as [Float64Array, ...Float64Array[]];
    expect(salary.every((value) => value >= 20_000 && value <= 150_000)).toBe(true);
    expect(age?.every((value) => Number.isInteger(value) && value >= 20 && value <= 80)).toBe(true);
    expect(houseValue?.every((value) => value >= 0 && value <= 135_000)).toBe(true);
  });
});
