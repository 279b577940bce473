/** For eyes: `node test/unit/report/write-demo.ts <folder>` writes three reports to look at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from '../../../lib/domain/report/index.ts';
import { demoEvaluations, facts } from './demo.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name a folder to write into');
mkdirSync(folder, { recursive: true });
for (const [name, evaluation] of Object.entries(await demoEvaluations())) {
  const started = performance.now();
  const page = await renderReport(evaluation, { ...facts, model: name });
  writeFileSync(join(folder, `${name}.html`), page);
  console.log(`${name}: ${Math.round(performance.now() - started)} ms, ${Math.round(page.length / 1024)} KB`);
}
