/** Looks until there is something to give, for 20 s at most. */
export const eventually = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const giveUpAt = performance.now() + 20_000;
  while (performance.now() < giveUpAt) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited 20 s for ${what}`);
};
