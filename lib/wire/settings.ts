import * as z from 'zod';
import { MillraceError } from './errors.ts';
import { functions } from './functions.ts';
import { findJsonFault } from './json-fault.ts';

/** What CloudWatch Logs accepts, https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const Throttle = z
  .strictObject({
    requestsPerSecond: z.int().min(1).max(10_000).default(50),
    burst: z.int().min(1).max(5000).default(100),
  })
  .describe('what the endpoint takes at most; beyond that callers get 429');

const FrontDoor = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http-api'),
    auth: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('api-key') }),
        z.strictObject({
          kind: z.literal('jwt'),
          issuer: z.url({ protocol: /^https$/ }).describe('the issuer whose tokens are accepted'),
          audience: z.array(z.string().min(1)).min(1).max(10),
        }),
      ])
      .prefault({ kind: 'api-key' })
      .describe('how callers prove who they are: keys made by `millrace keys`, or tokens of your issuer'),
    throttle: Throttle.prefault({}),
  }),
  z.strictObject({
    kind: z.literal('function-url').describe('IAM-signed requests, up to 15 minutes, no request price'),
  }),
]);

const FunctionOverride = z.strictObject({
  memoryMb: z.int().min(128).max(10_240).optional(),
  timeoutSeconds: z.int().min(1).max(900).optional(),
});

/** What a team decides about a stage: `settings/<stage>.json`. Every default is the cheap and safe one. */
export const Settings = z.strictObject({
  $schema: z.string().optional(),
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/, 'expected 1 to 16 lower-case letters and digits, starting with a letter')
    .default('dev')
    .describe('names every resource; several stages live side by side in one account'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'expected the 12 digits of an AWS account')
    .optional()
    .describe('default: the account of your credentials'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected an AWS region such as eu-central-1')
    .optional()
    .describe('default: the region of your credentials'),
  notificationEmails: z
    .array(z.email())
    .max(10)
    .default([])
    .describe('who is asked to approve and told of alarms; each confirms once by mail'),
  frontDoor: FrontDoor.prefault({ kind: 'http-api' }),
  architecture: z
    .enum(['arm64', 'x86_64'])
    .default('arm64')
    .describe('arm64 costs a fifth less for the same work'),
  logRetentionDays: z.literal(retentionDays).default(30),
  customerManagedKey: z
    .boolean()
    .default(false)
    .describe('encrypt with a key of your own: $1 a month and a little per request'),
  whenDestroyed: z
    .enum(['destroy', 'retain'])
    .optional()
    .describe('what becomes of data when the stack is deleted; default: retain for prod, destroy for others'),
  functions: z
    .partialRecord(z.enum(Object.keys(functions) as [keyof typeof functions]), FunctionOverride)
    .default({})
    .describe('memory and time limits that differ from the defaults'),
  trainerImage: z
    .string()
    .regex(
      /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9._/-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/,
      'expected an image in ECR with a tag or a digest',
    )
    .optional()
    .describe('the container with our own trainer, for data that outgrows Lambda; see docs/deploy.md'),
  monitorEveryHours: z
    .int()
    .min(1)
    .max(24)
    .default(24)
    .describe(
      'how often the monitor looks: as often as the shortest windows are long, which are set per model',
    ),
  stuckAfterHours: z
    .int()
    .min(1)
    .max(24 * 90)
    .default(48)
    .describe('an approval that has waited this long raises an alarm'),
  monthlyBudgetUsd: z
    .number()
    .positive()
    .max(1_000_000)
    .optional()
    .describe(
      'mail when the stage is on its way past this; needs a notification e-mail, and counts once the tag millrace:stage is activated',
    ),
  dashboard: z.boolean().default(false).describe('a CloudWatch dashboard: $3 a month beyond the first three'),
});
export type Settings = z.output<typeof Settings>;

/** Whether data outlives the stack. */
export const keepsData = ({ stage, whenDestroyed }: Settings): boolean =>
  (whenDestroyed ?? (stage === 'prod' ? 'retain' : 'destroy')) === 'retain';

const issueText = (issue: z.core.$ZodIssue, given: unknown): string => {
  const key = issue.path.join('.') || '(the whole file)';
  const value = issue.path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    given,
  );
  const came = value === undefined ? '' : `, not ${JSON.stringify(value).slice(0, 120)}`;
  return `${key}: ${issue.message}${came}`;
};

/** Checks settings and fills in defaults. Throws SETTINGS_INVALID naming each key, what was expected and what came. */
export const readSettings = (given: unknown, source = 'the settings'): Settings => {
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => issueText(issue, given));
    throw new MillraceError('SETTINGS_INVALID', `${source} does not fit: ${issues.join(' | ')}`, { issues });
  }
  const settings = parsed.data;
  if (settings.monthlyBudgetUsd !== undefined && settings.notificationEmails.length === 0)
    throw new MillraceError(
      'SETTINGS_INVALID',
      `${source} does not fit: monthlyBudgetUsd: expected an address in notificationEmails to send the warning to`,
    );
  return settings;
};

/** Which file a text is, and what was said besides it. */
interface SettingsFile {
  readonly stage: string;
  readonly file: string;
  readonly overrides?: Readonly<Record<string, unknown>>;
}

const unfit = (what: string): MillraceError => new MillraceError('SETTINGS_INVALID', what);

/**
 * The settings of a stage from the text of its file, which may leave the stage to the file's name; `overrides` go before
 * what the file says. Throws SETTINGS_INVALID.
 */
export const parseSettingsFile = (text: string, { stage, file, overrides = {} }: SettingsFile): Settings => {
  const fault = findJsonFault(text);
  if (fault !== undefined)
    throw unfit(
      `${file} is not JSON: line ${fault.line}, column ${fault.column}: expected ${fault.expected}, not ${fault.came}`,
    );
  const given: unknown = JSON.parse(text);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw unfit(`${file} does not fit: expected an object`);
  if ('stage' in given && given.stage !== stage)
    throw unfit(
      `${file} does not fit: stage: expected "${stage}", as the file is named, not ${JSON.stringify(given.stage)}`,
    );
  return readSettings({ ...given, ...overrides, stage }, file);
};
