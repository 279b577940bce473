/** Somebody else's program that our code is compared with: there, or not there for a reason people can read. */
export type Party =
  | { readonly name: string; readonly isReady: true; readonly program: string; readonly versions: string }
  | { readonly name: string; readonly isReady: false; readonly because: string };

/** Where a prepared party is found by the tests; unset means that they skip. */
export const partyVariables = {
  python: 'INTEROP_PYTHON',
  monitors: 'INTEROP_MONITORS',
  chromium: 'INTEROP_CHROMIUM',
  dynamodbLocal: 'INTEROP_DYNAMODB_LOCAL',
  ministack: 'INTEROP_MINISTACK',
} as const;
