interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: (request: never) => Promise<unknown>) => (request: never) => Promise<unknown>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/** Lets a client's first request wait for `prepare`: contracts make their stores without waiting. */
export const beforeFirstRequest = (client: object, prepare: () => Promise<unknown>): void => {
  let prepared: Promise<unknown> | undefined;
  (client as Client).middlewareStack.add(
    (next) => async (request) => {
      prepared ??= prepare();
      await prepared;
      return next(request);
    },
    { step: 'initialize', name: 'beforeFirstRequest' },
  );
};
