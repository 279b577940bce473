import type { ObjectHead } from '../lib/ports/object-store.ts';
import type { Services } from './services.ts';

/** Every object under a prefix, in the order of their keys. */
export const headsUnder = async (
  prefix: string,
  { objects }: Pick<Services, 'objects'>,
): Promise<readonly ObjectHead[]> => {
  const heads: ObjectHead[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await objects.list(prefix, cursor === undefined ? {} : { cursor });
    heads.push(...page.objects);
    if (page.cursor === undefined) return heads;
    cursor = page.cursor;
  }
};

/** The keys of every object under a prefix, in their order. */
export const keysUnder = async (
  prefix: string,
  services: Pick<Services, 'objects'>,
): Promise<readonly string[]> => (await headsUnder(prefix, services)).map(({ key }) => key);
