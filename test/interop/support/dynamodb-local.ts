import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { dynamodbRecordStore } from '../../../lib/adapters/aws/dynamodb-record-store.ts';
import type { RecordStore } from '../../../lib/ports/record-store.ts';
import { beforeFirstRequest } from './before-first-request.ts';
import { startServer } from './child-server.ts';
import { freePort } from './free-port.ts';
import { dynamodbLocal } from './parties.ts';

/** The registry table as the stack makes it, see `lib/constructs`. */
const registryTable = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['partition', 'sort', 'indexPartition', 'indexSort'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: 'partition', KeyType: 'HASH' },
    { AttributeName: 'sort', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-index',
      KeySchema: [
        { AttributeName: 'indexPartition', KeyType: 'HASH' },
        { AttributeName: 'indexSort', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

export interface DynamodbLocal {
  /** A record store over an empty table of its own; the first request makes the table. */
  freshRecords(): RecordStore;
  stop(): Promise<void>;
}

/** AWS's own DynamoDB for laptops, in memory, on a free port of the loopback interface. */
export const startDynamodbLocal = async (): Promise<DynamodbLocal> => {
  if (dynamodbLocal === undefined)
    throw new Error('DynamoDB Local is not prepared: run `npm run test:interop`');
  const port = await freePort();
  const makeClient = () =>
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  const admin = makeClient();
  const server = await startServer({
    program: 'java',
    words: [
      '-Xmx512m',
      `-Djava.library.path=${dynamodbLocal}/DynamoDBLocal_lib`,
      '-jar',
      `${dynamodbLocal}/DynamoDBLocal.jar`,
      ...['-inMemory', '-disableTelemetry', '-port', `${port}`],
    ],
    environment: process.env,
    folder: dynamodbLocal,
    isReady: async () => (await admin.send(new ListTablesCommand({}))) !== undefined,
    timeoutSeconds: 30,
  });

  const clients: DynamoDBClient[] = [];
  const freshRecords = () => {
    const table = `registry-${randomUUID()}`;
    const client = makeClient();
    clients.push(client);
    beforeFirstRequest(client, () => admin.send(new CreateTableCommand(registryTable(table))));
    return dynamodbRecordStore({ table, client });
  };
  const stop = async () => {
    for (const client of [admin, ...clients]) client.destroy();
    await server.stop();
  };
  return { freshRecords, stop };
};
