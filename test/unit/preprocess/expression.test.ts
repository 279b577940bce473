import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkExpression } from '../../../lib/adapters/duckdb/expression.ts';
import { type DuckDb, openDuckDb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { csv, preparing } from './preparing.ts';

const folder = temporaryFolder();
const { prepare, remove } = preparing();
let database: DuckDb;
beforeAll(async () => {
  database = await openDuckDb({ folder: folder.path, threads: 1 });
});
afterAll(() => {
  database.close();
  folder.remove();
  remove();
});

const columns = ['delay', 'date', 'Carrier', 'two words'];
const check = (sql: string) => checkExpression(database, sql, columns);

describe('an expression in model.json', () => {
  it.each([
    ['delay > 15', ['delay']],
    ['delay > 15 -- late', ['delay']],
    ['delay /* minutes */ > 15', ['delay']],
    ["DELAY > 15 AND carrier = 'AA'", ['Carrier', 'delay']],
    ['"two words" IS NOT NULL', ['two words']],
    [
      "CASE WHEN delay BETWEEN 0 AND 15 THEN 'a' WHEN delay IN (16, 17) THEN 'b' ELSE lower(Carrier) END",
      ['Carrier', 'delay'],
    ],
    ['extract(hour FROM date) + CAST(delay AS DOUBLE) / 60 >= 24', ['date', 'delay']],
    ['coalesce(delay, 0) * 2 % 7', ['delay']],
    ["Carrier LIKE 'A%' OR NOT regexp_matches(Carrier, '^B')", ['Carrier']],
    ["date < TIMESTAMP '2001-02-01' - INTERVAL 3 DAY", ['date']],
    ["'; DROP TABLE x; --' = Carrier", ['Carrier']],
  ])('may be %s', async (sql, read) => {
    const checked = await check(sql);

    expect(checked.columns).toEqual(read);
    expect(checked.sql).not.toMatch(/late|minutes/);
  });

  it.each([
    ['1; SELECT 2', 'is 2 statements'],
    ["1; COPY (SELECT 1) TO '/tmp/x'", 'cannot be parsed'],
    ['delay) FROM (SELECT 1', 'cannot be parsed'],
    ["1 FROM read_csv('/etc/passwd')", 'has more than an expression'],
    ['1 WHERE true', 'has more than an expression'],
    ['1 UNION SELECT 2', 'has more than an expression'],
    ['1 ORDER BY 1', 'has more than an expression'],
    ['1 LIMIT 1', 'has more than an expression'],
    ['DISTINCT delay', 'has more than an expression'],
    ['delay, date', 'is 2 expressions'],
    ['delay AS x', 'has an alias'],
    ['(SELECT max(delay) FROM raw) > 1', 'holds a subquery'],
    ['delay IN (SELECT 1)', 'holds a subquery'],
    ['EXISTS (FROM raw)', 'holds a subquery'],
    ['delay > (CASE WHEN true THEN (SELECT 1) END)', 'holds a subquery'],
    ['row_number() OVER ()', 'holds a window'],
    ['sum(delay)', 'calls sum'],
    ['count(*)', 'calls count_star'],
    ['*', 'holds a star'],
    ['COLUMNS(*) > 1', 'holds a '],
    ['#1', 'holds a positional reference'],
    ['$1', 'holds a parameter'],
    ['?', 'holds a parameter'],
    ['list_transform([1], lambda x: x)', 'calls list_'],
    ["CAST(Carrier AS ENUM ('a'))", 'casts to unbound'],
    ['raw.delay', 'reads "raw.delay"'],
    ['delayed > 15', 'reads "delayed"'],
    ['__row > 1', 'reads "__row"'],
    ['random() > 0.5', 'calls random'],
    ['now() > date', 'calls now'],
    ['current_date', 'reads "current_date"'],
    ['current_timestamp > date', 'current_timestamp'],
    ["getenv('HOME')", 'calls getenv'],
    ["getvariable('x')", 'calls getvariable'],
    ["current_setting('memory_limit')", 'calls current_setting'],
    ["read_text('/etc/passwd')", 'calls read_text'],
    ['other.lower(Carrier)', 'calls lower'],
    ['system.main.lower(Carrier)', 'calls lower'],
    ["nextval('s')", 'calls nextval'],
    ["query('SELECT 1')", 'calls query'],
    ['repeat(Carrier, 1000000000)', 'calls repeat'],
    ['range(1000000000)', 'calls range'],
    ['PRAGMA version', 'cannot be parsed'],
    ["ATTACH 'x.db'", 'casts to unbound'],
    ["1; ATTACH 'x.db'", 'cannot be parsed'],
    ['1; CREATE MACRO f(x) AS x', 'cannot be parsed'],
    ['1; SET lock_configuration = false', 'cannot be parsed'],
    ['1; INSTALL httpfs', 'cannot be parsed'],
    ['', 'cannot be parsed'],
    ['-- nothing', 'cannot be parsed'],
    ['delay > 15\0; SELECT 1', 'zero byte'],
  ])('may not be %s', async (sql, what) => {
    const refused = check(sql);

    await expect(refused).rejects.toMatchObject({ name: 'EXPRESSION_INVALID' });
    await expect(refused).rejects.toThrow(what);
  });

  it('is stopped by the engine too, should it ever pass: no file is in reach', async () => {
    await expect(database.rows("SELECT * FROM read_text('/etc/hostname')")).rejects.toThrow(
      'disabled by configuration',
    );
    await expect(database.run("COPY (SELECT 1) TO '/tmp/millrace-escape.csv'")).rejects.toThrow(
      'disabled by configuration',
    );
    await expect(database.run("ATTACH '/tmp/millrace-escape.db'")).rejects.toThrow(
      'disabled by configuration',
    );
    await expect(database.run('SET enable_external_access = true')).rejects.toThrow();
    await expect(database.run(`SET allowed_directories = ['/']`)).rejects.toThrow();
    await expect(database.run('INSTALL httpfs')).rejects.toThrow();
  });

  it('is interrupted when it runs too long', async () => {
    const slow = await openDuckDb({
      folder: join(folder.path, 'slow'),
      threads: 1,
      statementTimeoutSeconds: 0.05,
    });

    const work = slow.rows('SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b');

    await expect(work).rejects.toMatchObject({ name: 'DATA_TOO_SLOW' });
    slow.close();
  });
});

describe('a label expression', () => {
  const flights = csv('date,delay,carrier', 200, (i) => [
    `2025-01-${String(1 + (i % 28)).padStart(2, '0')}`,
    i % 40,
    `C${i % 3}`,
  ]);
  const late = { sql: 'delay > 15', name: 'late' };

  it('makes the target, and the columns it reads are never features', async () => {
    const prepared = await prepare({ target: late }, [['rows.csv', flights]]);

    expect(prepared.resolved).toMatchObject({
      targetName: 'late',
      classes: ['false', 'true'],
      positiveClass: 'true',
    });
    expect(prepared.resolved.columns.find(({ name }) => name === 'delay')).toMatchObject({
      role: 'labelSource',
    });
    const wrong = await prepared.rowsOf(
      'train.parquet',
      'count_if((delay > 15)::VARCHAR <> __target)::INTEGER AS n',
    );
    expect(wrong).toEqual([{ n: 0 }]);
  });

  it('may give numbers to a regression', async () => {
    const prepared = await prepare({ task: 'regression', target: { sql: 'delay / 60' } }, [
      ['rows.csv', flights],
    ]);

    const [row] = await prepared.rowsOf(
      'train.parquet',
      'max(__target) AS most, typeof(any_value(__target)) AS type',
    );
    expect(row).toEqual({ most: 39 / 60, type: 'DOUBLE' });
  });

  it('may not give text to a regression', async () => {
    const work = prepare({ task: 'regression', target: { sql: 'carrier' } }, [['rows.csv', flights]]);

    await expect(work).rejects.toMatchObject({ name: 'EXPRESSION_INVALID' });
    await expect(work).rejects.toThrow('gives VARCHAR, expected a number');
  });

  it('is refused when it does not fit the types', async () => {
    const work = prepare({ target: { sql: 'date + carrier > 3' } }, [['rows.csv', flights]]);

    await expect(work).rejects.toMatchObject({ name: 'EXPRESSION_INVALID' });
  });

  it('sets the rows aside for which it has no answer', async () => {
    const broken = flights.replace(',39,', ',,');

    const prepared = await prepare({ target: late }, [['rows.csv', broken]]);

    expect(prepared.quality.reasons).toEqual([{ reason: 'target missing', rows: 1 }]);
  });

  it('may not leak through a named feature', async () => {
    const features = [{ name: 'logDelay', transform: 'log', column: 'delay' }] as const;

    const work = prepare({ target: late, features: [...features] }, [['rows.csv', flights]]);

    await expect(work).rejects.toMatchObject({ name: 'MODEL_SPEC_INVALID' });
    await expect(work).rejects.toThrow(
      'features.0 "logDelay" is made from "delay", which is read by the label expression',
    );
  });
});

describe('a rule over several columns', () => {
  const spans = csv('start,stop,sold', 200, (i) => [i, i === 7 ? 3 : i + 5, i % 2]);

  it('quarantines the rows for which it is false', async () => {
    const rules = [{ name: 'stops after it starts', sql: 'stop >= start' }];

    const prepared = await prepare({ quality: { rules } }, [['rows.csv', spans]]);

    expect(prepared.quality.reasons).toEqual([{ reason: 'rule: stops after it starts', rows: 1 }]);
  });

  it('must be true or false', async () => {
    const work = prepare({ quality: { rules: [{ name: 'sum', sql: 'stop + start' }] } }, [
      ['rows.csv', spans],
    ]);

    await expect(work).rejects.toThrow('the rule "sum" gives DOUBLE, expected true or false');
  });
});
