import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { benchFolder, report } from './figure.ts';
import { secondsUntilApproval } from './until-approval.ts';

const root = path.resolve(import.meta.dirname, '..');
const spec = await readFile(path.join(root, 'examples/penguins/model.json'), 'utf8');
const measured = await secondsUntilApproval(path.join(benchFolder(), 'home'), 'penguins', async (put) => {
  await put('model.json', spec);
  await put('penguins.json', { filePath: path.join(root, 'node_modules/vega-datasets/data/penguins.json') });
  await put('_SUCCESS', '');
});
report([
  {
    what: 'drop → approval request, penguins (344 rows)',
    measured,
    beside: 'limit',
    besideValue: 3,
    unit: 's',
  },
]);
