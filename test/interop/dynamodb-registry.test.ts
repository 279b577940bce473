import { globSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { standRegistriesOn } from '../unit/registry/support/fresh-registry.ts';
import { type DynamodbLocal, startDynamodbLocal } from './support/dynamodb-local.ts';
import { dynamodbLocal } from './support/parties.ts';

const suites = globSync(path.resolve(import.meta.dirname, '../unit/registry/*.test.ts')).sort();

let dynamodb: DynamodbLocal;
if (dynamodbLocal === undefined) describe.skip('every suite of the registry on DynamoDB Local', () => {});
else {
  beforeAll(async () => {
    dynamodb = await startDynamodbLocal();
  });
  afterAll(() => dynamodb?.stop());
  standRegistriesOn(() => dynamodb.freshRecords());
  for (const suite of suites) await import(suite);
}
