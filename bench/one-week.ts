import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWeek } from '../examples/flight-delay/weeks.ts';
import { benchFolder, report } from './figure.ts';
import { secondsUntilApproval } from './until-approval.ts';

const folder = benchFolder();
const week = path.join(folder, 'week.parquet');
await writeWeek(1, week);
// One week judged on its own last day misses the example's absolute gate: the time to the question is what is measured.
const example = JSON.parse(
  await readFile(path.resolve(import.meta.dirname, '../examples/flight-delay/model.json'), 'utf8'),
);
const spec = JSON.stringify({ ...example, gates: {} });
const measured = await secondsUntilApproval(path.join(folder, 'home'), 'flight-delay', async (put) => {
  await put('model.json', spec);
  await put('week-1.parquet', { filePath: week });
  await put('_SUCCESS', '');
});
report([
  {
    what: 'drop → approval request, one week of flights (115,000 rows)',
    measured,
    beside: 'limit',
    besideValue: 20,
    unit: 's',
  },
]);
