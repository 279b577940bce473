import * as z from 'zod';
import type { JsonValue } from '../../wire/json.ts';

/** Any plain JSON value, kept as it is. */
export const Json: z.ZodType<JsonValue> = z.json();
