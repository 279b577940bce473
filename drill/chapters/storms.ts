import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import { type Flight, isEarly } from '../flights.ts';
import { model, type World } from '../world.ts';

/** Monday of week 22: a client of the model tells metres for a day. */
const dayOfMetres = dayOfWeek1(22);
const inMetres = (flight: Flight): Flight => ({
  ...flight,
  distance: Math.round(flight.distance * 1609.344),
});

/** Labels are in by then. */
const daysCompared = 14;
const newestComparedDaysAgo = 8;

const shareWrong = (flights: readonly Flight[], answers: readonly string[]): number =>
  flights.filter((flight, index) => answers[index] !== String(isEarly(flight))).length / flights.length;

/** The share of wrong answers of the champion that answered, and of a former one asked the same by its number. */
const compare = async ({ traffic, today }: World, former: number) => {
  const days = Array.from({ length: daysCompared }, (_, back) => today() - newestComparedDaysAgo - back);
  const asked = days.filter((day) => day !== dayOfMetres).flatMap((day) => traffic.of(day));
  const flights = asked.map(({ flight }) => flight);
  return {
    flights: flights.length,
    champion: shareWrong(
      flights,
      asked.map(({ label }) => label),
    ),
    former: shareWrong(flights, await traffic.askVersion(former, flights)),
  };
};

/** The calm is over: the data is not to be trusted for a week, version 2 does worse than version 1 would, people roll back. */
export const storms = async (world: World): Promise<void> => {
  const { house, story, traffic } = world;
  const { registry, champion } = desk(world);
  story.chapter('The calm is over');
  await world.liveUntil(dayOfMetres + 4, { spoil: { [dayOfMetres]: inMetres } });
  await story.promise(
    'a client that tells metres rings data-quality at once, which blocks retraining',
    async () => {
      const alarms = await house.laptop.alarms.states(model);
      const alarm = alarms.find(({ lane }) => lane === 'data-quality');
      const refused = (await registry.listDecisions(model)).find(({ decision }) => decision === 'refuse');
      return [
        alarm?.state === 'alarm' && refused !== undefined,
        `alarm ${alarm?.state}; ${refused?.because.join('; ') ?? 'nothing was refused'}`,
      ];
    },
  );
  await world.liveUntil(dayOfWeek1(24) + 1);
  const before = await compare(world, 1);
  await story.promise(
    'two versions can be compared on the flights of the latest days, whoever answered them',
    async () => [
      before.former < before.champion,
      `${before.flights} flights: version ${await champion()} was wrong on ${before.champion.toFixed(3)} of them, version 1 would have been on ${before.former.toFixed(3)}`,
    ],
  );
  const reason = 'the storms are back, and version 1 knew them';
  await registry.rollBack({ model, by: 'Ada', reason, to: 1 });
  await registry.setPause({
    model,
    isPaused: true,
    by: 'Ada',
    reason: 'nothing new until the weather is settled',
  });
  story.happened(`Ada rolls back to version ${await champion()}: ${reason}; she pauses retraining`);
  const day = world.today();
  await world.liveUntil(day + 1);
  await story.promise('after a rollback the next request is answered by the version before', async () => {
    const versions = new Set(traffic.of(day).map(({ version }) => version));
    return [
      versions.size === 1 && versions.has(1),
      `version ${[...versions].join(', ')} answered ${traffic.of(day).length} flights`,
    ];
  });
};
