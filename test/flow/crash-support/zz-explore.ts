import { isDeepStrictEqual } from 'node:util';
import { rmSync } from 'node:fs';
import { crashAt } from './child.ts';
import { dropInto } from './dropped-home.ts';
import { goOn, wholeRunOf } from './whole-run.ts';
const [from, step, to, policy] = [Number(process.argv[2]), Number(process.argv[3]), Number(process.argv[4]), process.argv[5] ?? 'manual'];
const opts = { approval: policy as 'manual' | 'automatic' };
const base = `/tmp/explore-${policy}-${from}`;
dropInto(base, opts); await goOn(base); const expected = await wholeRunOf(base); rmSync(base, { recursive: true });
for (let n = from; n <= to; n += step) {
  const home = `/tmp/explore-${policy}-${n}`;
  rmSync(home, { recursive: true, force: true });
  dropInto(home, opts);
  const killed = await crashAt(home, 'write', String(n));
  let problem = '';
  try { await goOn(home); const facts = await wholeRunOf(home); if (!isDeepStrictEqual(facts, expected)) { problem = Object.keys(facts).filter((k) => !isDeepStrictEqual((facts as any)[k], (expected as any)[k])).map((k) => `${k}: ${JSON.stringify((facts as any)[k])}`).join(' | '); } } catch (e) { problem = String(e); }
  console.log(n, killed ? 'killed' : 'NOT KILLED', problem || 'ok');
  if (!problem) rmSync(home, { recursive: true, force: true });
  if (!killed) break;
}
process.exit(0);
