import { afterAll, beforeAll, describe } from 'vitest';
import { recordStoreContract } from '../contract/record-store.ts';
import { type DynamodbLocal, startDynamodbLocal } from './support/dynamodb-local.ts';
import { dynamodbLocal } from './support/parties.ts';

describe.skipIf(dynamodbLocal === undefined)('on DynamoDB Local', () => {
  let dynamodb: DynamodbLocal;
  beforeAll(async () => {
    dynamodb = await startDynamodbLocal();
  });
  afterAll(() => dynamodb?.stop());

  recordStoreContract('DynamoDB', () => ({ store: dynamodb.freshRecords(), remove: () => {} }));
});
