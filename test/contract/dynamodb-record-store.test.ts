import { dynamodbRecordStore } from '../../lib/adapters/aws/dynamodb-record-store.ts';
import { fixedClock } from '../support/index.ts';
import { FakeDynamoDb } from './fake-dynamodb.ts';
import { recordStoreContract } from './record-store.ts';

recordStoreContract('DynamoDB', () => {
  const dynamodb = new FakeDynamoDb({ table: 'millrace' });
  const store = dynamodbRecordStore({ table: 'millrace', client: dynamodb.client, clock: fixedClock() });
  return { store, remove: () => dynamodb.client.destroy() };
});
