import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { Settings } from '../../lib/wire/settings.ts';

const file = path.resolve(import.meta.dirname, '../../settings/schema/settings.schema.json');

/** What editors offer and underline: the schema as it is written in, before defaults are filled in. */
const schema = `${JSON.stringify({ title: 'Settings of a Millrace stage', ...z.toJSONSchema(Settings, { io: 'input' }) }, null, 2)}\n`;

it('offers editors the settings that are checked; UPDATE=1 writes the file anew', () => {
  if (process.env.UPDATE === '1') writeFileSync(file, schema);

  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(schema));
});
