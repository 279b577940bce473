import { describe, expect, it } from 'vitest';
import { keyboard, withFlights } from './keyboard.ts';

describe('millrace labels', () => {
  it('gives a model a file of the truth, once', async () => {
    const typed = await withFlights();
    typed.files.set('week 9/truth.csv.gz', 'a1');

    const first = await typed.type('labels', 'flight-delay', 'week 9/truth.csv.gz');
    const again = await typed.type('labels', 'flight-delay', 'week 9/truth.csv.gz');

    const key = 'labels/flight-delay/truth-a1a1a1a1a1a1.csv.gz';
    expect([...typed.dropped.keys()].filter((one) => one.startsWith('labels/'))).toEqual([key]);
    expect(first).toMatchObject({ exitCode: 0, out: expect.stringContaining(`truth.csv.gz → ${key}`) });
    expect(again.out).toContain('its labels count once');
  });

  it('says of a file that is not there which one, as every command does', async () => {
    const { exitCode, err } = await (await withFlights()).type('labels', 'flight-delay', 'trueth.csv');

    expect(exitCode).toBe(4);
    expect(err).toBe(
      'millrace: there is no file "trueth.csv"; correct the path; a relative one begins in the folder you are in\n',
    );
  });

  it('refuses a file that is none and a model nobody knows', async () => {
    const typed = await withFlights();
    typed.files.set('truth.xlsx', 'a1');

    expect(await typed.type('labels', 'flight-delay', 'truth.xlsx')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('drop .csv, .parquet, .jsonl or .json'),
    });
    expect((await keyboard().type('labels', 'nobody')).exitCode).toBe(4);
  });

  it('shows what came, what was refused, and what waits', async () => {
    const typed = await withFlights();
    const { registry } = typed;
    expect((await typed.type('labels', 'flight-delay')).out).toContain('No labels yet');
    const file = (name: string) => ({
      model: 'flight-delay',
      key: `labels/flight-delay/${name}`,
      etag: 'x',
      sizeBytes: 1,
    });
    for (const name of ['monday.csv', 'torn.csv', 'tuesday.csv']) await registry.noteLabelFile(file(name));
    const { key, etag } = file('monday.csv');
    await registry.markLabelFileTaken('flight-delay', { key, etag, rows: 12, taken: 10, refused: 2 });
    await registry.markLabelFileTaken('flight-delay', {
      key: file('torn.csv').key,
      etag,
      because: 'labels/flight-delay/torn.csv is torn',
      rows: 0,
      taken: 0,
      refused: 0,
    });

    const { out } = await typed.type('labels', 'flight-delay');

    expect(out).toMatchInlineSnapshot(`
      "FILE         STATE       CAME      ROWS  TAKEN  REFUSED
      tuesday.csv  pending     just now  –     –      –
      torn.csv     unreadable  just now  0     0      0
      monday.csv   taken       just now  12    10     2

      labels/flight-delay/torn.csv is torn
      "
    `);
    const asData = await typed.type('labels', 'flight-delay', '--json');
    expect(JSON.parse(asData.out)).toMatchObject({ model: 'flight-delay', files: [{}, {}, {}], windows: [] });
  });
});
