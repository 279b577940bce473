/**
 * Every error Millrace can raise, in one place: the code that state machines, clients and exit codes match,
 * and the remedy that tells a person what to do next. `docs/errors.md` is this table, checked by a house test.
 */
export const errorCatalogue = {
  // Walls: storage, records, workflow
  OBJECT_NOT_FOUND: 'check the key, or list the prefix to see what is there',
  OBJECT_EXISTS: 'objects are immutable: write changed content under a new key',
  OBJECT_KEY_INVALID: 'use letters, digits, ".", "_", "-", "=" and single slashes, with no ".." segment',
  OBJECT_CHANGED:
    'the object was replaced while it was read: wait until the upload is complete and drop it again',
  STORAGE_FULL: 'free disk space (or move the Millrace home) and start again; nothing was half-written',
  STORAGE_TOO_NEW: 'a newer Millrace wrote this home: run that version, or use another home folder',
  RECORD_CONFLICT: 'read the record again and decide anew: another writer was first',
  RECORD_INVALID: 'keep keys non-empty and bodies plain JSON under 350 KB',
  TASK_TOKEN_UNKNOWN:
    'the task has already been answered, timed out, or never existed: look at its execution',
  EXECUTION_NOT_FOUND: 'list the executions to find its name',
  EXECUTION_NAME_TAKEN: 'an execution of that name ran with another input: choose a new name',
  STATE_MACHINE_INVALID:
    'fix the definition at the path named; docs/state-machines.md lists what is supported',
  STATE_MACHINE_UNKNOWN: 'start a machine that is set up, or correct its name',
  WORKFLOW_BUSY: 'stop the other process, or let it do the work: one process at a time executes workflows',
  // Deployed stages
  STAGE_UNKNOWN:
    'deploy it first (docs/deploy.md), or correct --stage, --region, or the AWS profile: stages belong to one account and region',
  STAGE_INCOMPLETE:
    'deploy the stack again with `npm run deploy`; its events in the CloudFormation console say what stopped it',
  STAGE_BUSY: 'wait until CloudFormation has finished with the stack, then try again',
  STAGE_PROTECTED:
    'turn it off first: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name <stack>`',
  STAGE_NOT_EMPTIED:
    'read the reason given, mend it, and run `millrace destroy` again: it goes on where it stopped',
  AWS_CREDENTIALS_MISSING:
    'sign in (`aws sso login`, AWS_PROFILE or the AWS_… variables) and name the region with --region or AWS_REGION',
  AWS_UNREACHABLE:
    'check the name of the region (--region, AWS_REGION), AWS_ENDPOINT_URL, and the way to the internet: proxy, VPN, DNS',
  AWS_ACCESS_DENIED: 'ask for the permission named, or use the profile of somebody who has it',
  API_KEY_MISSING:
    'make a key with `millrace keys create` and send it as `Authorization: Bearer …` or `x-api-key`; the command line takes it from MILLRACE_API_KEY, or a token of your issuer from MILLRACE_TOKEN',
  API_KEY_INVALID:
    'check that it is whole, and with `millrace keys list` that it is active; `millrace keys create` makes another',
  API_KEY_FORBIDDEN:
    'use a key made for this: `millrace keys create --scope <scope>`, with this --model or none',
  API_KEY_UNKNOWN: 'list the keys with `millrace keys list`',
  ENDPOINT_REFUSED:
    'check MILLRACE_API_KEY (or MILLRACE_TOKEN), or the IAM permission lambda:InvokeFunctionUrl',
  ENDPOINT_FAILED:
    'try again; if it stays, the log group of serve-predictions has the reason, and docs/operations.md the way on',
  SMOKE_FAILED: 'read what the step says, then the run with `millrace show run <id> --stage <stage>`',
  // What people send
  INPUT_INVALID: 'send what the path named expects',
  BILLS_BY_THE_HOUR:
    'take the resource out, or, where its price asleep is nothing worth naming, add its type to lib/wire/idle-prices.ts',
  BUNDLES_MISSING:
    'run `npm run build` (with `-- --stage <stage>` for another than dev): it makes the code of every function',
  SETTINGS_INVALID:
    'correct the key named in settings/<stage>.json; docs/deploy.md lists what each means. Nothing was deployed',
  BUILD_PLATFORM_MISSING:
    'let npm reach its registry once, so that the package is kept in dist/.cache, or build for the architecture of this machine',
  BUILD_BUNDLE_WRONG:
    'let its functions name a bundle with that library in lib/wire/functions.ts, or take out the import that loads it',
  BUILD_USAGE_WRONG:
    'npm run build -- [--architecture arm64|x86_64] [--stage <name>] [--only <function or bundle>] [--packages]',
  ENVIRONMENT_INCOMPLETE: 'deploy the stack again: it sets this variable for each function that reads it',
  MODEL_SPEC_INVALID:
    'correct model.json at the path named and drop it again; the earlier spec stays in force',
  MODEL_NAME_INVALID:
    'use 1 to 63 characters: lower-case letters, digits and single hyphens, starting with a letter',
  MODEL_UNKNOWN:
    'register it with `millrace apply model.json`, or by dropping a model.json under incoming/<model>/; `millrace models` lists the names',
  MODEL_FILE_INVALID:
    'export the model again as ONNX, check that the upload is complete, and look it over with `millrace doctor`',
  PREDICTION_INPUT_INVALID: 'send the columns the signature names; details.issues lists each problem',
  MODEL_RUN_FAILED:
    'compare the request with the signature; if it fits, examine the model with `millrace doctor`',
  NO_FEATURES: 'let at least one column in that is not the target, a key or ignored',
  // Training
  GOLDEN_SET_EXISTS:
    'look at it with `millrace golden show <model>`; to replace it is a decision: `millrace golden refresh <model> --why …`',
  GOLDEN_SET_MISSING: 'freeze the first with `millrace golden freeze <model> --why …`',
  GOLDEN_SET_UNFIT:
    'give a file with --file: rows whose truth you trust, of every class, with the columns the model reads',
  ONE_CLASS_TARGET:
    'check the target (or its label expression) and the data window: training needs rows of at least two classes',
  TRAINING_FAILED:
    'look at the cause, and at the data of the feature or round named; then start the run again',
  TRAINING_TIMED_OUT:
    'give the trainer more time, fewer rows (dataWindow) or fewer rounds, or choose a larger compute',
  TRAINER_NOT_LOCAL:
    'set trainer.kind to "boosted-trees" or "linear", which train anywhere, or drop the data into a stage in an AWS account',
  TRAINER_IMAGE_MISSING:
    'build containers/trainer, push it to ECR and name it as trainerImage in settings/<stage>.json, or set trainer.compute to "lambda"',
  TRAINING_REGION_UNKNOWN:
    'deploy to a region docs/training.md lists, choose another trainer, or add the account to built-in-images.ts',
  TRAINING_TOO_LARGE:
    'let fewer rows in (dataWindow), ignore columns that do not help, or use trainer.kind "container", which reads the dataset itself',
  TRAINING_JOB_FAILED:
    'mend what the reason names (the log group /aws/sagemaker/TrainingJobs has the rest) and drop the data again',
  TRAINING_OUTPUT_INVALID:
    'let the job leave what docs/training.md names in /opt/ml/model, and start the run again',
  // Serving and people's faces
  REQUEST_MALFORMED: 'send what docs/http-api.md shows for this address',
  REQUEST_TOO_LARGE: 'send fewer rows in a request: split the batch',
  REQUEST_FORBIDDEN: 'open the page from the console itself, at the address the server printed',
  ADDRESS_UNKNOWN: 'GET / lists what is served here',
  VERSION_UNKNOWN: 'list the versions with `millrace versions <model>`',
  NOTHING_SERVING:
    'approve a version first: `millrace status` shows what waits for a decision, or drop data to train one',
  ARTIFACT_CORRUPT:
    'the stored model is not the one that was approved: roll back with `millrace rollback` and train again',
  BATCH_UNKNOWN: 'list them with `millrace batches <model>`',
  APPROVAL_UNKNOWN: 'list what waits for a decision with `millrace status`',
  APPROVAL_LINK_INVALID:
    'the link is wrong, incomplete or has expired: take a fresh one from the console or `millrace status`',
  RUN_UNKNOWN: 'list the runs with `millrace runs`',
  // Evaluation
  EVALUATION_IMPOSSIBLE:
    'check that the test part has rows and that the model answers each of them with finite numbers, probabilities from 0 to 1 that sum to 1',
  EVALUATION_INVALID: 'evaluate the version again: this metrics.json is not what evaluation writes',
  // Decisions and routes
  APPROVAL_DECIDED: 'the first decision stands: `millrace status` shows it; train again to ask anew',
  APPROVAL_EXPIRED: 'an unanswered request is a rejection: train again to ask anew',
  VERSION_NOT_APPROVED: 'approve it first: `millrace status` shows what waits for a decision',
  VERSION_IMMUTABLE: 'a run registers one version once: start a new run for another model',
  CHAMPION_CHANGED: 'start another run: `millrace retrain <model> --why …` compares with what serves now',
  ROUTE_MOVE_INVALID: 'look at the route with `millrace status` and name another version',
  NOTHING_TO_ROLL_BACK: 'name an approved version to go to: `millrace versions <model>` lists them',
  PORT_UNAVAILABLE: 'stop what listens there, or choose another with --port',
  USAGE_WRONG: '`millrace help <command>` shows how it is used',
  RUN_NOT_REPRODUCED:
    'compare code version, seed and machine with `millrace show run <id>`: the same of each must give the same bytes',
  FILE_NOT_FOUND: 'correct the path; a relative one begins in the folder you are in',
  HOME_UNKNOWN: 'start once with `npm start`, or name another folder with --home or MILLRACE_HOME',
  EXAMPLE_UNKNOWN: 'choose one of the folders under examples/',
  // Runs of the state machines
  RUN_FAILED: 'read the reason with `millrace show run <id>`, mend it, and drop the data again',
  STEP_TIMED_OUT:
    'let fewer rows in (dataWindow), or give the function more memory and time in settings/<stage>.json',
  RUN_INCOMPLETE: 'start the run from the beginning: drop its data again',
  BATCH_FAILED: 'the files stay pending and the next arrival tries again; `millrace status` shows the reason',
  ROLL_OUT_FAILED: 'look at the route with `millrace show <model>` and put it right with `millrace rollback`',
  PARITY_FAILED:
    'train again; if it happens again the artifact or the runtime differs from the one evaluated: compare their versions',
  // Data
  BASELINE_FILE_INVALID:
    'correct the file at the path named, or give the pair as SageMaker Model Monitor wrote it: statistics.json with its constraints.json',
  BASELINE_UNREADABLE:
    'let a version that was trained by this release serve: drop the data again, or `millrace retrain <model> --why …`',
  DATA_DRIFTED:
    'see which columns moved, and how, in the table above; `millrace drift <model> --open` shows since when',
  DATA_EMPTY: 'drop a file with a header and at least one row',
  DATA_FORMAT_UNKNOWN: 'drop .csv, .parquet, .jsonl or .json, each also with .gz',
  DATA_UNREADABLE: 'export the file again and check that the upload is complete',
  DATA_ENCODING: 'save the file as UTF-8 and drop it again',
  DATA_TOO_LARGE: 'split it into several files, and leave out the columns nobody needs',
  DATA_TOO_SLOW: 'simplify the label expression and the rules, or prepare fewer rows at a time',
  TARGET_MISSING: 'correct target in model.json, or add the column to the data',
  COLUMN_MISSING: 'correct the name in model.json, or add the column to the data',
  TOO_MANY_CLASSES: 'check that the target is the right column, group rare classes, or use task "regression"',
  EXPRESSION_INVALID:
    'write one expression over the raw columns; docs/model-json.md lists the functions allowed',
  ROWS_LOST: 'nothing was kept of this run: report it as a defect, with the file if you can',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorCatalogue;

/**
 * An error a person can act on: what happened (with the value), what was expected, and, from the catalogue,
 * what to do next. `name` is the literal code, because state machines match names and minifiers rename classes.
 */
export class MillraceError extends Error {
  override readonly name: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, what: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(`${what}; ${errorCatalogue[code]}`, options);
    this.name = code;
    this.details = details;
  }
}

/** True for an error raised by Millrace, of the given code when one is named. Works across bundles and workers. */
export const isMillraceError = (error: unknown, code?: ErrorCode): error is MillraceError =>
  error instanceof Error && error.name in errorCatalogue && (code === undefined || error.name === code);
