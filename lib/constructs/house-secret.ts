import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { secretParameterOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseFunction } from './house-function.ts';

/**
 * The stage's secret, which signs approval links and hashes sensitive columns. It is an encrypted parameter that costs
 * nothing; whoever needs it first makes it, so that no template and no deployment ever holds it.
 */
export class HouseSecret extends Construct {
  readonly #name: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: Settings }) {
    super(scope, id);
    this.#name = secretParameterOf(settings.stage);
    this.#arn = Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: this.#name.slice(1),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /** Lets a function read the secret, and make it (tagged, so that leaving finds it) where it is the first to ask. */
  grantUse(fn: HouseFunction): void {
    fn.tell('secretParameter', this.#name);
    fn.allow({
      actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:AddTagsToResource'],
      resources: [this.#arn],
    });
  }
}
