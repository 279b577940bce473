import * as z from 'zod';
import { ColumnName } from './feature-transform.ts';

const Share = z.number().min(0).max(1);

/** What is expected of one column; a row that breaks a rule is quarantined with the rule as its reason. */
const ColumnRules = z.strictObject({
  required: z.boolean().optional().describe('completeness: no missing value'),
  maxNullShare: Share.optional().describe(
    'completeness: refuse the batch above this share of missing values',
  ),
  min: z.number().optional().describe('accuracy: smallest allowed number'),
  max: z.number().optional().describe('accuracy: largest allowed number'),
  oneOf: z.array(z.string()).min(1).max(10_000).optional().describe('accuracy: the domain of a category'),
  matches: z.string().max(500).optional().describe('accuracy: an RE2 pattern the whole text must match'),
  unique: z.boolean().optional().describe('consistency: no value twice'),
});

const CrossColumnRule = z.strictObject({
  name: z.string().min(1).max(100),
  sql: z
    .string()
    .min(1)
    .max(2000)
    .describe('a condition over the raw columns that must not be false, e.g. "arrival >= departure"'),
});

export const QualityRules = z.strictObject({
  maxBadShare: Share.default(0.05).describe(
    'stop the run when more rows than this are bad; 5 % catches a broken export and forgives a few typing errors',
  ),
  minRows: z.int().min(10).default(50).describe('fewer kept rows than this teach nothing'),
  columns: z.record(ColumnName, ColumnRules).default({}),
  rules: z.array(CrossColumnRule).max(100).default([]),
  maxAgeHours: z
    .number()
    .positive()
    .optional()
    .describe('timeliness: refuse a batch whose newest event is older'),
  duplicates: z
    .enum(['quarantine', 'allow'])
    .default('quarantine')
    .describe('rows that repeat an earlier key'),
  onMissingColumn: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe(
      'a column of the last dataset that is gone: nulls everywhere would train a worse model silently',
    ),
  onNewColumn: z
    .enum(['allow', 'refuse', 'ignore'])
    .default('allow')
    .describe('a column the last dataset did not have; "ignore" keeps it out of the features'),
});
export type QualityRules = z.infer<typeof QualityRules>;
