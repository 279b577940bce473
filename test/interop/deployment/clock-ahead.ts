// Loaded before a function's code, see `putClockAhead`: its time is CLOCK_AHEAD_SECONDS later than everybody's.

const RealDate = Date;
const aheadMs = Number(process.env.CLOCK_AHEAD_SECONDS) * 1000;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, words, self) =>
    Reflect.construct(target, words.length === 0 ? [RealDate.now() + aheadMs] : words, self),
  get: (target, property) =>
    property === 'now' ? () => RealDate.now() + aheadMs : Reflect.get(target, property),
});
