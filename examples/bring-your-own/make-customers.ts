import { writeFileSync } from 'node:fs';
import { seededRandom } from '../../lib/domain/random/index.ts';

/** Writes 5,000 invented customers as CSV; those on a basic plan, young, and calling often leave more. */
const [file = 'customers.csv'] = process.argv.slice(2);
const random = seededRandom(11);
const pick = <Value>(values: readonly [Value, ...Value[]]): Value =>
  values[Math.floor(random.next() * values.length)] ?? values[0];

const customer = (id: number): string => {
  const plan = pick(['basic', 'plus', 'family']);
  const months = 1 + Math.floor(random.next() * 60);
  const calls = Math.floor(random.next() * random.next() * 12);
  const fee = { basic: 9.99, plus: 19.99, family: 34.99 }[plan];
  const leaning = (plan === 'basic' ? 0.8 : 0) - months / 24 + calls / 4 - 0.6;
  const churned = random.next() < 1 / (1 + Math.exp(-leaning));
  const country = random.next() < 0.03 ? '' : pick(['NL', 'BE', 'DE', 'FR']);
  return [`C${String(id).padStart(5, '0')}`, plan, fee, months, calls, country, churned ? 'yes' : 'no'].join(
    ',',
  );
};

const header = 'customer_id,plan,monthly_fee,months,calls,country,churned';
writeFileSync(
  file,
  `${[header, ...Array.from({ length: 5000 }, (_, index) => customer(index + 1))].join('\n')}\n`,
);
