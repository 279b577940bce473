import { partyVariables } from '../parties/party.ts';

/** The prepared Python, or undefined: then its tests skip, and the runner has said why. */
export const python = process.env[partyVariables.python];

/** The Python that Evidently and NannyML are installed for, or undefined: then its tests skip, and the runner has said why. */
export const monitors = process.env[partyVariables.monitors];

/** The browser, or undefined: then its tests skip, and the runner has said why. */
export const chromium = process.env[partyVariables.chromium];

/** The folder of DynamoDBLocal.jar, or undefined: then its tests skip, and the runner has said why. */
export const dynamodbLocal = process.env[partyVariables.dynamodbLocal];

/** The Python that MiniStack is installed for, or undefined: then its tests skip, and the runner has said why. */
export const ministack = process.env[partyVariables.ministack];
