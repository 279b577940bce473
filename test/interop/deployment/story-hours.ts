const hourMs = 3_600_000;

/**
 * The hours of the story, counted from the one it is now: windows last an hour, alarms look at three of them, and no test
 * waits for that. Gives by how many seconds a clock has to be ahead to show a moment of a later hour.
 */
export const storyHours = (nowMs: number) => {
  const firstMs = Math.floor(nowMs / hourMs) * hourMs;
  /** The moment itself, milliseconds since 1970. */
  const at = (hour: number, minute: number): number => firstMs + hour * hourMs + minute * 60_000;
  return {
    at,
    secondsAhead: (hour: number, minute: number): number =>
      Math.round((at(hour, minute) - Date.now()) / 1000),
  };
};
