import { describe, expect, it } from 'vitest';
import { keyboard, promote, trainVersion, withFlights } from './keyboard.ts';

describe('millrace status', () => {
  it('shows what serves and what waits, with the commands that decide', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.71);

    const { out } = await typed.type('status');

    expect(out).toMatchInlineSnapshot(`
      "MODEL         SERVING  LATEST RUN                     OUTCOME
      flight-delay  none     waits for a decision, 5 s ago

      Waits for a decision, open until 2026-11-24 12:00 UTC: version 1 passed its gates (AUC 0.71)
        look     http://127.0.0.1:8080/approvals/run-a?expires=1795521607&signature=Kd7j4LuNJW07FljUD_eonxw5pAycp4tDgpSWftpH_3A
        approve  npx millrace approve flight-delay@1 --reason "…"
        reject   npx millrace reject flight-delay@1 --reason "…"
      "
    `);
  });

  it('tells a newcomer what to do first', async () => {
    expect((await keyboard().type('status')).out).toContain('millrace apply model.json');
  });

  it('gives programs the same as data, with the link to the approval page', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.71);

    const { out } = await typed.type('status', '--json');

    expect(JSON.parse(out)).toMatchObject({
      models: [{ model: 'flight-delay', route: { revision: 0 } }],
      pending: [
        {
          approvalId: 'run-a',
          link: expect.stringMatching(
            /^http:\/\/127\.0\.0\.1:8080\/approvals\/run-a\?expires=\d+&signature=/,
          ),
        },
      ],
    });
  });
});

describe('millrace models, versions and show', () => {
  it('list and show what there is', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.69);
    await typed.type('approve', 'flight-delay', '--reason', 'good');
    await promote(typed, 1);
    await trainVersion(typed, 'run-b', 0.71);

    const shown = [];
    for (const words of [
      ['models'],
      ['versions', 'flight-delay'],
      ['show', 'flight-delay'],
      ['show', 'flight-delay@1'],
      ['show', 'run', 'run-b'],
      ['runs'],
    ])
      shown.push(`$ millrace ${words.join(' ')}\n${(await typed.type(...words)).out}`);

    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "$ millrace models
      MODEL         TASK    SERVING    MODEL.JSON  CHANGED
      flight-delay  binary  version 1  revision 1  17 s ago

      $ millrace versions flight-delay
      VERSION  STAGE       TRAINER        METRICS ON THE TEST ROWS  TRAINED   RUN
      2        registered  boosted-trees  AUC 0.71, Log loss 0.45   just now  run-b
      1        champion    boosted-trees  AUC 0.69, Log loss 0.45   14 s ago  run-a

      $ millrace show flight-delay
      Model       flight-delay
      Task        binary
      Serving     version 1
      model.json  revision 1, 2026-11-21 12:00 UTC

      WHEN                  WHAT                  WHO       WHY
      2026-11-21 12:00 UTC  approval-requested 2  millrace  version 2 passed its gates (AUC 0.71)
      2026-11-21 12:00 UTC  version-registered 2  millrace  run run-b trained and evaluated it
      2026-11-21 12:00 UTC  promoted 1            roll-out  approved
      2026-11-21 12:00 UTC  approval-approved 1   ada       good
      2026-11-21 12:00 UTC  approval-requested 1  millrace  version 1 passed its gates (AUC 0.69)
      2026-11-21 12:00 UTC  version-registered 1  millrace  run run-a trained and evaluated it
      2026-11-21 12:00 UTC  spec-applied          ada       model.json was applied

      $ millrace show flight-delay@1
      Model       flight-delay version 1
      Trainer     boosted-trees
      Run         run-a
      Trained     2026-11-21 12:00 UTC
      Artifact    models/run-a/model.onnx (sha256 run-arun-arun-arun-arun-arun-arun-arun-arun-arun-arun-arun-arun-)
      model.json  revision 1
      Code        0.1.0
      Verdict     approved by ada: good

      METRIC    VALUE
      AUC       0.69
      Log loss  0.45

      $ millrace show run run-b
      Run         run-b
      Model       flight-delay, version 2
      Status      running
      Started     2026-11-21 12:00 UTC, by drop: a week arrived
      Took        –
      model.json  revision 1
      Trainer     boosted-trees
      Seed        7
      Code        0.1.0

      STEP   TOOK
      train  7.1 s

      METRIC    VALUE
      AUC       0.71
      Log loss  0.45

      PARAMETER     VALUE
      rounds        300
      learningRate  0.05

      $ millrace runs
      RUN    MODEL         STATUS   VERSION  METRICS                  STARTED   TOOK
      run-b  flight-delay  running  2        AUC 0.71, Log loss 0.45  5 s ago   –
      run-a  flight-delay  running  1        AUC 0.69, Log loss 0.45  15 s ago  –
      "
    `);
  });
});

describe('millrace runs compare', () => {
  it('marks what differs and the best value of each metric', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.69);
    await trainVersion(typed, 'run-b', 0.71);

    const { out } = await typed.type('runs', 'compare', 'run-a', 'run-b');

    expect(out).toMatchInlineSnapshot(`
      "   FACT                 run-a          run-b
         status               running        running
         trigger              new-data       new-data
         model.json revision  1              1
         trainer              boosted-trees  boosted-trees
         seed                 7              7
         code                 0.1.0          0.1.0
         rounds               300            300
      ≠  learningRate         0.1            0.05
      ≠  AUC                  0.69           0.71 ★
         Log loss             0.45           0.45
      ≠  time: train          6.9 s          7.1 s
      "
    `);
  });

  it('can leave out what is the same', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.69);
    await trainVersion(typed, 'run-b', 0.71);

    const { out } = await typed.type('runs', 'compare', 'run-a', 'run-b', '--differences', '--json');

    expect(JSON.parse(out).facts.map((fact: { name: string }) => fact.name)).toEqual([
      'learningRate',
      'auc',
      'train',
    ]);
  });
});

describe('millrace approve, reject and rollback', () => {
  it('decide under the name of whoever is at the keyboard, or the one given', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.69);
    await trainVersion(typed, 'run-b', 0.71);

    const approved = await typed.type('approve', 'flight-delay@1', '--reason', 'good');
    const rejected = await typed.type('reject', 'run-b', '--by', 'Grace', '--reason', 'slow');

    expect([approved.out, rejected.out]).toEqual([
      'Approved flight-delay version 1, by ada.\n',
      'Rejected flight-delay version 2, by Grace.\n',
    ]);
    expect(await typed.registry.findVerdict('flight-delay', 2)).toMatchObject({
      status: 'rejected',
      by: 'Grace',
      reason: 'slow',
    });
  });

  it('ask which one is meant when two questions are open', async () => {
    const typed = await withFlights();
    await trainVersion(typed, 'run-a', 0.69);
    await trainVersion(typed, 'run-b', 0.71);

    const { exitCode, err } = await typed.type('approve', 'flight-delay', '--reason', 'good');

    expect(exitCode).toBe(2);
    expect(err).toContain('name flight-delay@1 or flight-delay@2');
  });

  it('put the version before back', async () => {
    const typed = await withFlights();
    for (const [runId, auc] of [
      ['run-a', 0.69],
      ['run-b', 0.71],
    ] as const) {
      await trainVersion(typed, runId, auc);
      await typed.type('approve', runId, '--reason', 'good');
      await promote(typed, runId === 'run-a' ? 1 : 2);
    }

    const { out } = await typed.type('rollback', 'flight-delay', '--reason', 'complaints');

    expect(out).toBe('Version 1 of flight-delay serves again, within five seconds.\n');
    expect((await typed.registry.listReigns('flight-delay'))[0]).toMatchObject({
      version: 1,
      via: 'roll-back',
      by: 'ada',
      why: 'complaints',
    });
  });
});

describe('millrace show', () => {
  it('tells what was inferred about each column, and why', async () => {
    const typed = await withFlights();
    const datasetVersion = 'd'.repeat(64);
    const rows = { read: 9, kept: 9, quarantined: 0, train: 7, validation: 1, test: 1 };
    await typed.registry.recordDataset({
      model: 'flight-delay',
      datasetVersion,
      manifestKey: 'manifest',
      sources: [],
      rows,
    });
    const columns = [{ name: 'origin', kind: 'category', role: 'feature', because: '3 values' }];
    typed.dropped.set(
      `datasets/flight-delay/${datasetVersion}/model.resolved.json`,
      JSON.stringify({ columns }),
    );

    const { out } = await typed.type('show', 'flight-delay');

    expect(out).toContain('COLUMN  KIND      USED AS  BECAUSE\norigin  category  feature  3 values\n');
  });
});

describe('millrace apply and drop', () => {
  it('register a model and give it files as one batch, complete at once', async () => {
    const typed = keyboard();
    typed.files.set('model.json', '{"name": "flight-delay", "task": "binary", "target": "late"}');
    typed.files.set('/data/week 1.csv.gz', 'a');
    typed.files.set('/data/week2.csv', 'b');

    const applied = [await typed.type('apply', 'model.json'), await typed.type('apply', 'model.json')];
    const { out } = await typed.type('drop', 'flight-delay', '/data/week 1.csv.gz', '/data/week2.csv');

    expect(applied.map((one) => one.out)).toEqual([
      'flight-delay is registered (revision 1).\n',
      'flight-delay says what it said before: nothing changed (revision 1).\n',
    ]);
    expect(out).toBe(
      '/data/week 1.csv.gz → incoming/flight-delay/week-1-aaaaaaaaaaaa-r1.csv.gz\n/data/week2.csv → incoming/flight-delay/week2-bbbbbbbbbbbb-r1.csv\n',
    );
    expect([...typed.dropped.keys()]).toEqual([
      'incoming/flight-delay/week-1-aaaaaaaaaaaa-r1.csv.gz',
      'incoming/flight-delay/week2-bbbbbbbbbbbb-r1.csv',
      expect.stringMatching(/^incoming\/flight-delay\/[0-9a-f]{12}\._SUCCESS$/),
    ]);
  });

  it('take the same content again under a changed model.json', async () => {
    const typed = await withFlights();
    typed.files.set('week1.csv', 'a');
    typed.files.set(
      'model.json',
      '{"name": "flight-delay", "task": "binary", "target": "late", "description": "with other words"}',
    );

    await typed.type('drop', 'flight-delay', 'week1.csv');
    await typed.type('apply', 'model.json');
    const { out } = await typed.type('drop', 'flight-delay', 'week1.csv');

    expect(out).toBe('week1.csv → incoming/flight-delay/week1-aaaaaaaaaaaa-r2.csv\n');
  });

  it('have data collected that came before its model.json', async () => {
    const typed = keyboard();
    typed.files.set('model.json', '{"name": "flight-delay", "task": "binary", "target": "late"}');
    const file = { key: 'incoming/flight-delay/early.csv', etag: 'e1', sizeBytes: 10 };
    await typed.registry.noteArrival({ model: 'flight-delay', ...file });

    await typed.type('apply', 'model.json');

    expect(typed.collected).toEqual(['flight-delay']);
  });

  it('say that content was dropped before, and mark no batch complete', async () => {
    const typed = await withFlights();
    typed.files.set('week1.csv', 'a');

    await typed.type('drop', 'flight-delay', 'week1.csv');
    const objects = typed.dropped.size;
    const { out } = await typed.type('drop', 'flight-delay', 'week1.csv');

    expect(out).toContain('was dropped before');
    expect(typed.dropped.size).toBe(objects);
  });
});

describe('millrace predict', () => {
  it.each([
    ['--row', '{"distance": 900}'],
    ['--file', 'rows.json'],
    ['--file', 'rows.jsonl'],
    ['--file', 'rows.csv'],
  ])('asks the version that serves with %s %s', async (option, value) => {
    const typed = await withFlights();
    typed.files.set('rows.json', '{"rows": [{"distance": 900}]}');
    typed.files.set('rows.jsonl', '{"distance": 900}\n');
    typed.files.set('rows.csv', '\ufeffdistance,origin,weekend\r\n900,"San ""Fran"", CA",TRUE\r\n');

    const { out } = await typed.type('predict', 'flight-delay', option, value, '--json');

    expect(JSON.parse(out)).toMatchObject({ version: 1, predictions: [{ label: 'true', probability: 0.9 }] });
  });

  it('prints a table for people', async () => {
    const typed = await withFlights();

    const { out } = await typed.type(
      'predict',
      'flight-delay',
      '--row',
      '[{"distance": 900}, {"distance": 120}]',
    );

    expect(out).toMatchInlineSnapshot(`
      "ROW  ANSWER  PROBABILITY  PREDICTION ID
      1    true    0.9          prediction-1
      2    false   0.12         prediction-2
      "
    `);
  });
});

describe('millrace inbox and start', () => {
  it('shows messages with their links', async () => {
    const typed = await withFlights();
    await typed.notifier.notify({
      id: '1',
      kind: 'approval-requested',
      model: 'flight-delay',
      subject: 'Version 1 waits',
      text: 'Decide until tomorrow.',
      links: [{ title: 'Look', url: 'http://localhost/approvals/1' }],
    });

    expect((await typed.type('inbox')).out).toContain(
      '[flight-delay] Version 1 waits\n  Decide until tomorrow.\n  Look: http://localhost/approvals/1',
    );
  });

  it('starts with what was asked for, in the home of the environment', async () => {
    const typed = keyboard({ env: { MILLRACE_HOME: '/mill' } });

    await typed.type('start', '--example', 'penguins', '--port', '0', '--yes');
    await typed.type('start', '--home', '/other');

    expect(typed.started).toEqual([
      { home: '/mill', host: '127.0.0.1', port: 0, yes: true, example: 'penguins' },
      { home: '/other', host: '127.0.0.1', port: 8080, yes: false },
    ]);
  });
});
