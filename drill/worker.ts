/**
 * `worker.ts <home> <now>`: executes the workflows of a home in a process of its own, at a moment of the simulated time, and
 * says on stdout what it does. It is there to be killed.
 */
import { simulatedClock } from '../lib/adapters/local/simulated-clock.ts';
import { openLaptop } from '../lib/laptop/open-laptop.ts';

const [home = '', now = ''] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);
const laptop = openLaptop({
  home,
  clock: simulatedClock(Number(now)),
  pollMs: 25,
  onTask: ({ task, phase }) => say(`${task} ${phase}`),
});
await laptop.workflow.run();
say('up');
