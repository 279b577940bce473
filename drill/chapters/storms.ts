import { recentGate } from '../../lib/domain/gates/index.ts';
import { routeMaxAgeMs } from '../../lib/serving/route-cache.ts';
import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import { type Flight, isEarly } from '../flights.ts';
import { model, type World } from '../world.ts';

/** 11 to 13 June: a client of the model tells metres. */
const firstDayOfMetres = dayOfWeek1(24);
const daysOfMetres = [0, 1, 2].map((place) => firstDayOfMetres + place);
const inMetres = (flight: Flight): Flight => ({
  ...flight,
  distance: Math.round(flight.distance * 1609.344),
});

/** 21 May to 9 June: the calm is over, all labels that will come have come, and nobody told metres. */
const daysCompared = { from: dayOfWeek1(21), to: firstDayOfMetres - 1 } as const;

/** Asks a former version what the champion was asked, and holds both against what labels told. */
const compare = async ({ traffic, today }: World, former: number) => {
  const days = Array.from(
    { length: daysCompared.to - daysCompared.from },
    (_, place) => daysCompared.from + place,
  );
  const asked = days.flatMap((day) => traffic.toldOf(day, today()));
  const flights = asked.map(({ flight }) => flight);
  const answers = await traffic.askVersion(former, flights);
  const isRight = (answer: string | undefined, place: number) =>
    answer === String(isEarly(flights[place] as Flight));
  const right = asked.map(({ label }, place) => ({
    champion: isRight(label, place),
    former: isRight(answers[place], place),
  }));
  const count = (of: (one: (typeof right)[number]) => boolean): number => right.filter(of).length;
  return {
    wrong: { champion: count((one) => !one.champion), former: count((one) => !one.former) },
    // The test a challenger has to pass: here it is the former version that challenges.
    test: recentGate({
      rows: right.length,
      championOnly: count((one) => one.champion && !one.former),
      challengerOnly: count((one) => one.former && !one.champion),
    }),
  };
};

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** A person moves the pointer back: no deployment, no copy of anything. */
const rollBack = async (world: World, reason: string): Promise<void> => {
  const { house, story, traffic } = world;
  const { registry, champion, retrains } = desk(world);
  const runsBefore = (await retrains()).length;
  const startedAt = performance.now();
  await registry.rollBack({ model, by: 'Ada', reason, to: 1 });
  const seconds = (performance.now() - startedAt) / 1000;
  story.happened(`Ada rolls back to version ${await champion()}: ${reason}`);
  // Servers remember which version serves for as long as this.
  house.clock.moveTo(house.clock.now() + routeMaxAgeMs);
  const [flight] = traffic.of(world.today() - 1);
  const answeredBy = flight && (await traffic.askAgain(flight));
  await house.flush();
  await story.promise(
    'a rollback moves a pointer, the next answer comes from the version before, and the audit says who and why',
    async () => {
      const [reign] = await registry.listReigns(model);
      const audit = (await registry.listAudit({ model })).find(({ action }) => action === 'rolled-back');
      const runs = (await retrains()).length - runsBefore;
      return [
        seconds < 1 && answeredBy === 1 && runs === 0 && reign?.via === 'roll-back' && audit?.by === 'Ada',
        `moved in less than ${seconds < 1 ? 1 : Math.ceil(seconds)} s, no run; version ${answeredBy} answers ${routeMaxAgeMs / 1000} s later; audit: ${audit?.by}, ${audit?.why}`,
      ];
    },
  );
};

/** The data is not to be trusted for a week, version 3 does worse than version 1 would, people roll back. */
export const storms = async (world: World): Promise<void> => {
  const { house, story, traffic } = world;
  const { registry, champion, retrain, retrains, pause } = desk(world);
  story.chapter('The calm is over');
  const spoil = Object.fromEntries(daysOfMetres.map((day) => [day, inMetres]));
  await world.liveUntil(dayOfWeek1(24) + 4, { spoil });
  await story.promise(
    'a client that tells metres rings data-quality with the next window, which blocks retraining',
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
  const { wrong, test } = await compare(world, 1);
  const { rows } = test.numbers;
  const fact = `of ${rows?.toLocaleString('en')} flights since 21 May version ${await champion()} told ${percent(wrong.champion, rows ?? 0)} wrongly, version 1 tells ${percent(wrong.former, rows ?? 0)}`;
  await story.promise(
    'two versions are compared on the same labelled flights, whoever answered them',
    async () => [test.verdict === 'pass', `${fact}; G2, version 1 as the challenger: ${test.because}`],
  );
  await rollBack(world, fact);
  await pause('nothing new until somebody knows what the summer brings');
  story.happened('Ada pauses retraining; Bob asks for a new model all the same');
  const runsBefore = (await retrains()).length;
  const asked = await retrain('the monthly report wants a fresh model');
  await story.promise('while people have paused it, nothing is trained', async () => [
    asked?.decision === 'refuse' && (await retrains()).length === runsBefore,
    `${asked?.decision}: ${asked?.because.join('; ')}`,
  ]);
  const day = world.today();
  await world.liveUntil(day + 1);
  await story.promise('the day after a rollback is answered by the version before', async () => {
    const versions = new Set(traffic.of(day).map(({ version }) => version));
    return [
      versions.size === 1 && versions.has(1),
      `version ${[...versions].join(', ')} answered ${traffic.of(day).length} flights`,
    ];
  });
};
