import type { ErrorLog } from '../../lib/serving/http-errors.ts';

const line = (entry: object): void => void process.stdout.write(`${JSON.stringify(entry)}\n`);

/** What an error says of itself, for us: its stack, never the request, whose headers hold keys. */
const told = (error: unknown) =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { message: String(error) };

export const logError: ErrorLog = ({ reference, error }) =>
  line({ level: 'ERROR', reference, ...told(error) });

export const logFault = (error: unknown): void => line({ level: 'ERROR', ...told(error) });

export const logLost = (rows: number, error?: unknown): void =>
  line({
    level: 'WARN',
    message: `${rows} answered rows were not captured`,
    lostRows: rows,
    ...(error !== undefined && { cause: told(error) }),
  });
