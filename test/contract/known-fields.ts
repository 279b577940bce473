/** Throws when a fake service is asked with fields it was not told about. */
export const known = (command: string, input: object, fields: readonly string[]): void => {
  const unknown = Object.entries(input).flatMap(([field, value]) =>
    value === undefined || fields.includes(field) ? [] : [field],
  );
  if (unknown.length > 0)
    throw new Error(`the fake was not told about ${command} with ${unknown.join(', ')}`);
};

/** Services answer in turns of their own; a fake that answers at once would hide races. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Commands a fake was not told about. */
export const unknownCommand = (): never => {
  throw new Error('the fake was not told about this command');
};
