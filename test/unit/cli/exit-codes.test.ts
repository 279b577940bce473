import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../lib/domain/doctor/index.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { trainVersion, withFlights } from './keyboard.ts';

const finding: Finding = {
  severity: 'error',
  code: 'OUTPUT_NOT_A_TENSOR',
  what: 'output 2 is a map',
  fix: 'export with zipmap=False',
};

describe('the exit code', () => {
  it.each([
    [0, 'of help', ['--help']],
    [0, 'of the version', ['--version']],
    [0, 'of a list that is empty', ['versions', 'flight-delay']],
    [2, 'of no command', []],
    [2, 'of an unknown command', ['modles']],
    [2, 'of an unknown option', ['models', '--wide']],
    [2, 'of a missing argument', ['versions']],
    [2, 'of a decision without a reason', ['approve', 'flight-delay']],
    [2, 'of a port that is none', ['start', '--port', '99999']],
    [2, 'of a limit that is none', ['runs', '--limit', 'all']],
    [2, 'of comparing one run', ['runs', 'compare', 'run-a']],
    [2, 'of predicting from nothing', ['predict', 'flight-delay']],
    [2, 'of a second word that is not understood', ['show', 'flight-delay', '3']],
    [2, 'of dropping a model.json', ['drop', 'flight-delay', 'model.json']],
    [3, 'of a row that is not JSON', ['predict', 'flight-delay', '--row', '{distance: 1}']],
    [3, 'of a row that does not fit', ['predict', 'flight-delay', '--row', '{"distance": "far"}']],
    [3, 'of a CSV that breaks', ['predict', 'flight-delay', '--file', 'broken.csv']],
    [3, 'of a bad model.json', ['apply', 'bad.json']],
    [3, 'of a model file with a problem', ['doctor', 'model.onnx']],
    [4, 'of an unknown model', ['show', 'trains']],
    [4, 'of an unknown version', ['show', 'flight-delay@9']],
    [4, 'of a version that is no number', ['show', 'flight-delay@latest']],
    [4, 'of an unknown run', ['show', 'run', 'run-z']],
    [4, 'of an unknown approval', ['approve', 'run-z', '--reason', 'good']],
    [4, 'of data for an unknown model', ['drop', 'trains', 'week.csv']],
    [4, 'of a file that is not there', ['apply', 'nowhere.json']],
    [6, 'of nothing to roll back', ['rollback', 'flight-delay', '--reason', 'bad']],
    [6, 'of a run that gives other bytes', ['reproduce', 'run-a']],
  ] as const)('%i is that %s', async (exitCode, _, argv) => {
    const typed = await withFlights({
      examine: async () => [finding],
      reproduce: async () => ({ isSame: false, expectedSha256: 'a', actualSha256: 'b' }),
    });
    typed.files.set('bad.json', '{"name": "X"}');
    typed.files.set('broken.csv', 'distance\n"1');
    await trainVersion(typed, 'run-a', 0.7);

    const result = await typed.type(...argv);

    expect(result).toMatchObject({ exitCode });
    expect(exitCode === 0 ? result.err : result.out.startsWith('{')).toEqual(exitCode === 0 ? '' : false);
    if (exitCode !== 0) expect(result.err).not.toBe('');
  });

  it('5 is that of coming second', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.7);
    await typed.type('reject', 'run-a', '--by', 'Grace', '--reason', 'slow');

    const { exitCode, err } = await typed.type('approve', 'run-a', '--reason', 'good');

    expect(exitCode).toBe(5);
    expect(err).toContain('was rejected by Grace');
  });

  it('7 is that of a machine that cannot: a full disk, a taken port', async () => {
    const typed = await withFlights({
      start: () => Promise.reject(new MillraceError('PORT_UNAVAILABLE', 'port 8080 cannot be opened')),
    });

    expect(await typed.type('start')).toMatchObject({ exitCode: 7, err: expect.stringContaining('--port') });
  });

  it('1 is that of a fault of ours, told with where it came from', async () => {
    const typed = await withFlights({ start: () => Promise.reject(new Error('we did not think of this')) });

    expect(await typed.type('start')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/we did not think of this[\s\S]*at /),
    });
  });

  it('comes with the error as JSON for programs, and nothing on stdout', async () => {
    const typed = await withFlights();

    const { out, err } = await typed.type('show', 'trains', '--json');

    expect(out).toBe('');
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'MODEL_UNKNOWN', details: { model: 'trains' } } });
  });
});

describe('the doctor', () => {
  it('names the fix', async () => {
    const typed = await withFlights({ examine: async () => [finding] });

    expect((await typed.type('doctor', 'model.onnx')).out).toBe(
      '✗ OUTPUT_NOT_A_TENSOR: output 2 is a map\n  → export with zipmap=False\n',
    );
  });

  it('says so when there is nothing to mend', async () => {
    const typed = await withFlights({ examine: async () => [] });

    expect(await typed.type('doctor', 'model.onnx')).toMatchObject({
      exitCode: 0,
      out: '✓ nothing keeps it from being served\n',
    });
  });
});

describe('what is printed', () => {
  it('cannot steer the terminal, whatever a file or a person wrote', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.7);
    await typed.registry.finishRun({
      runId: 'run-a',
      status: 'failed',
      outcome: 'column "\u001b[2J\u0007" is new',
    });

    const { out } = await typed.type('show', 'run', 'run-a');

    expect(out).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(out).toContain('is new');
  });
});
