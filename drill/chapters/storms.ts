import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import type { Flight } from '../flights.ts';
import { model, type World } from '../world.ts';

/** Monday of week 22: a client of the model tells metres for a day. */
const dayOfMetres = dayOfWeek1(22);

const inMetres = (flight: Flight): Flight => ({
  ...flight,
  distance: Math.round(flight.distance * 1609.344),
});

/** Share of wrong answers of a day's flights by version, asked again of both. */
const errorsOf = async (world: World, version: number, days: readonly number[]): Promise<number> => {
  const rows = days.flatMap((day) => world.traffic.of(day)).map(({ flight }) => flight);
  const answers = await world.traffic.askVersion(version, rows);
  const wrong = rows.filter(({ delay }, index) => answers[index] !== String(delay <= -5)).length;
  return wrong / rows.length;
};

/** The calm is over: version 2 fails, the controller holds still for its reasons, and a person rolls back. */
export const storms = async (world: World): Promise<void> => {
  const { house, story } = world;
  const { laptop } = house;
  const { registry, champion } = desk(world);
  story.chapter('The calm is over');
  await world.liveUntil(dayOfMetres + 4, { spoil: { [dayOfMetres]: inMetres } });
  await story.promise(
    'a client that tells metres is found by the data-quality lane, which blocks retraining',
    async () => {
      const alarm = (await laptop.alarms.states(model)).find(({ lane }) => lane === 'data-quality');
      const refused = (await registry.listDecisions(model)).find(({ decision }) => decision === 'refuse');
      return [
        alarm?.state === 'alarm' && refused !== undefined,
        `${alarm?.state}; ${refused?.because.join('; ') ?? 'nothing was refused'}`,
      ];
    },
  );
  const isRinging = async () =>
    (await laptop.alarms.states(model)).some(
      ({ lane, state }) => lane === 'realised-quality' && state === 'alarm',
    );
  await world.liveUntil(dayOfWeek1(24), { until: isRinging });
  await story.promise(
    'that version 2 learned from calm weeks alone shows as soon as the storms are back',
    async () => {
      const [window] = (await registry.listRealisedWindows(model)).filter(({ score = 0 }) => score >= 1);
      return [
        (await isRinging()) && window?.version === 2,
        window === undefined
          ? 'no window is in breach'
          : `until ${window.windowEnd.slice(0, 10)}: ${window.because}`,
      ];
    },
  );
  const reason = 'storms are back, and version 1 knew them';
  await registry.rollBack({ model, by: 'Ada', reason, to: 1 });
  await registry.setPause({ model, isPaused: true, by: 'Ada', reason: 'I look at the weather first' });
  story.happened(`Ada rolls back to version ${await champion()}: ${reason}; and pauses retraining`);
  const day = world.today();
  await world.liveUntil(day + 1);
  await story.promise('after a rollback the next request is answered by the version before', async () => {
    const versions = new Set(world.traffic.of(day).map(({ version }) => version));
    return [
      versions.size === 1 && versions.has(1),
      `version ${[...versions].join(', ')} answered ${world.traffic.of(day).length} flights`,
    ];
  });
  const days = Array.from({ length: 14 }, (_, back) => day - back);
  await story.promise('the rollback helped: version 1 is right more often on the same flights', async () => {
    const [first, second] = [await errorsOf(world, 1, days), await errorsOf(world, 2, days)];
    return [first < second, `wrong answers: version 1 ${first.toFixed(3)}, version 2 ${second.toFixed(3)}`];
  });
};
