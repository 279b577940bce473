import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { functionNames } from '../../../lib/wire/functions.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const fileOf = (name: string) => path.join(root, 'lambdas', name, 'entry.ts');
const isFromAws = (name: string) => name.startsWith('MILLRACE_') || name.startsWith('AWS_');
/** The SDK has flags of its own, which it reads when it is loaded. */
const isRead = (name: string | symbol) =>
  typeof name === 'string' && (name.startsWith('MILLRACE_') || name === 'AWS_LAMBDA_RUNTIME_API');

const original = process.env;
const read: string[] = [];
const connected = vi.spyOn(Socket.prototype, 'connect');

beforeAll(() => {
  const empty = Object.fromEntries(Object.entries(original).filter(([name]) => !isFromAws(name)));
  process.env = new Proxy(empty, {
    get: (target, name) => {
      if (isRead(name)) read.push(String(name));
      return Reflect.get(target, name);
    },
  });
});

afterAll(() => {
  process.env = original;
  connected.mockRestore();
});

describe.each(functionNames)('the entry of %s', (name) => {
  it('is there', () => {
    expect(existsSync(fileOf(name))).toBe(true);
  });

  it('touches neither environment nor network when it is imported', async () => {
    read.length = 0;

    const { handler } = await import(fileOf(name));

    // Lambda takes an extension only while a function starts: whether there is a Lambda is all the entry asks.
    const mayAsk = name === 'serve-predictions' ? ['AWS_LAMBDA_RUNTIME_API'] : [];
    expect(handler).toBeTypeOf('function');
    expect(read.filter((variable) => !mayAsk.includes(variable))).toEqual([]);
    expect(connected).not.toHaveBeenCalled();
  });

  it('names the variable that is missing when it is called without its environment', async () => {
    const { handler } = await import(fileOf(name));

    await expect(handler({})).rejects.toMatchObject({
      name: 'ENVIRONMENT_INCOMPLETE',
      message: expect.stringMatching(/^the variable MILLRACE_[A-Z_]+ is not set; /),
    });
    expect(connected).not.toHaveBeenCalled();
  });
});
