import path from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as Lambda,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Variable, variables } from '../wire/environment.ts';
import { bundleNameOf, type FunctionFacts, type FunctionName, functions } from '../wire/functions.ts';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { HouseKey } from './house-key.ts';
import { houseLogGroup } from './house-log-group.ts';
import { acknowledge, type Permission, permit } from './permissions.ts';
import type { Principal } from './principal.ts';

export interface HouseFunctionProps {
  readonly name: FunctionName;
  readonly settings: Settings;
  /** Holds a folder for each bundle, as `npm run build` makes them. */
  readonly bundlesFolder: string;
  /** Where an event goes that the function failed on three times. @default - it is only called, never sent an event */
  readonly deadLetters?: DeadLetters | undefined;
  /** Why X-Ray does not follow its calls. @default - it does */
  readonly untracedBecause?: string | undefined;
  readonly key?: HouseKey | undefined;
}

/** A function of the table in `lib/wire/functions.ts` with a role of its own, which may do nothing but log, and trace unless told not to. */
export class HouseFunction extends Construct implements Principal {
  readonly functionName: FunctionName;
  readonly lambda: Lambda;
  readonly role: Role;
  readonly memoryMb: number;

  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id);
    const { name, settings, deadLetters, untracedBecause, key } = props;
    const facts: FunctionFacts = functions[name];
    const chosen = settings.functions[name];
    this.functionName = name;
    this.memoryMb = chosen?.memoryMb ?? facts.memoryMb;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = houseLogGroup(this, name, { settings, key });
    this.lambda = new Lambda(this, 'Function', {
      functionName: nameOf(settings.stage, name),
      description: facts.purpose,
      runtime: Runtime.NODEJS_24_X,
      architecture: settings.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      code: Code.fromAsset(path.join(props.bundlesFolder, bundleNameOf(name))),
      handler: `${name}.handler`,
      memorySize: this.memoryMb,
      timeout: Duration.seconds(chosen?.timeoutSeconds ?? facts.timeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(facts.scratchMb ?? 512),
      role: this.role,
      tracing: untracedBecause === undefined ? Tracing.ACTIVE : Tracing.DISABLED,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Costs 8 ms of a cold start, and a stack trace names our files instead of column 41,207 of line 1.
      environment: { NODE_OPTIONS: '--enable-source-maps' },
      ...(deadLetters === undefined ? {} : { deadLetterQueue: deadLetters.queue }),
    });
    this.tell('stage', settings.stage);
    this.allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });
    key?.grantUse(this);
    acknowledge(this, {
      ...(untracedBecause === undefined
        ? {
            // The L2 construct adds this statement by itself when tracing is on.
            'AwsSolutions-IAM5[Resource::*]':
              'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords go to *',
          }
        : { 'Serverless-LambdaTracing': untracedBecause }),
      ...(deadLetters === undefined && {
        'Serverless-LambdaDLQ':
          'called and awaited by a state machine or the front door, so no event can be lost',
      }),
    });
  }

  /** Allows actions on resources, both by name; a wildcard needs its reason. */
  allow(permission: Permission): void {
    permit(this, this.role, permission);
  }

  /** Sets one of the house's variables. */
  tell(variable: Variable, value: string): void {
    this.lambda.addEnvironment(variables[variable], value);
  }
}
