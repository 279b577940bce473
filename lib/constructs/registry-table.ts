import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { keepsData, type Settings } from '../wire/settings.ts';
import type { HouseFunction } from './house-function.ts';
import type { HouseKey } from './house-key.ts';

/** The name `lib/adapters/aws/dynamodb-query.ts` asks for. */
const indexName = 'by-index';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Everything Millrace remembers, in one table that is paid by the request and can be put back to any second of 35 days. */
export class RegistryTable extends Construct {
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly settings: Settings; readonly key?: HouseKey | undefined },
  ) {
    super(scope, id);
    const { settings, key } = props;
    this.table = new Table(this, 'Table', {
      partitionKey: text('partition'),
      sortKey: text('sort'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Only records that are meant to be forgotten carry it.
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: keepsData(settings),
      removalPolicy: keepsData(settings) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(key === undefined
        ? { encryption: TableEncryption.DEFAULT }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key.key }),
    });
    this.table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: text('indexPartition'),
      sortKey: text('indexSort'),
      projectionType: ProjectionType.ALL,
    });
  }

  grantRead(fn: HouseFunction): void {
    this.#allow(fn, ['dynamodb:GetItem', 'dynamodb:Query']);
  }

  /** Records are written by updates under conditions, alone or in a transaction, and never deleted. */
  grantReadWrite(fn: HouseFunction): void {
    this.#allow(fn, [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'dynamodb:ConditionCheckItem',
    ]);
  }

  #allow(fn: HouseFunction, actions: readonly string[]): void {
    fn.tell('table', this.table.tableName);
    fn.allow({ actions, resources: [this.table.tableArn] });
    fn.allow({ actions: ['dynamodb:Query'], resources: [`${this.table.tableArn}/index/${indexName}`] });
  }
}
