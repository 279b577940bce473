import { Duration, Fn } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { HouseFunctions } from './house-functions.ts';
import type { HouseKey } from './house-key.ts';
import { houseLogGroup } from './house-log-group.ts';
import { acknowledge } from './permissions.ts';

export interface FrontDoorProps {
  readonly settings: Settings;
  readonly functions: HouseFunctions;
  readonly key?: HouseKey | undefined;
}

type HttpApiSettings = Extract<Settings['frontDoor'], { kind: 'http-api' }>;

const fiveMinutes = Duration.minutes(5);

/** One line of JSON a request; no address of the caller and no body. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTime',
    method: '$context.httpMethod',
    route: '$context.routeKey',
    path: '$context.path',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    bytes: '$context.responseLength',
    error: '$context.integrationErrorMessage',
  }),
);

/** Where predictions are asked for, and the page people decide on. */
export class FrontDoor extends Construct {
  /** Without a slash at the end. */
  readonly url: string;
  /** Where people decide; `undefined` when the door has no page. */
  readonly consoleUrl: string | undefined;
  /** Answers that are our fault, five minutes at a time. */
  readonly errors: Metric;
  readonly latency: Metric;

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    const { frontDoor } = props.settings;
    const made = frontDoor.kind === 'http-api' ? this.#httpApi(frontDoor, props) : this.#functionUrl(props);
    this.url = made.url;
    this.consoleUrl = made.consoleUrl;
    const metric = { namespace: made.namespace, dimensionsMap: made.dimensionsMap, period: fiveMinutes };
    this.errors = new Metric({ ...metric, metricName: made.errorsName, statistic: 'Sum' });
    this.latency = new Metric({ ...metric, metricName: made.latencyName, statistic: 'p95' });
  }

  #httpApi({ auth, throttle }: HttpApiSettings, { settings, functions, key }: FrontDoorProps) {
    const api = new HttpApi(this, 'Api', {
      apiName: nameOf(settings.stage, 'endpoint'),
      description: `Predictions and approvals of Millrace, stage ${settings.stage}`,
      createDefaultStage: false,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(houseLogGroup(this, 'endpoint', { settings, key })),
        format: accessLogFormat,
      },
    });
    const predictions = functions.of('serve-predictions');
    predictions.tell('frontDoorAuth', auth.kind);
    const methods = [HttpMethod.GET, HttpMethod.POST];
    api.addRoutes({
      path: '/{proxy+}',
      methods,
      integration: new HttpLambdaIntegration('Predictions', predictions.lambda),
      authorizer:
        auth.kind === 'jwt'
          ? new HttpJwtAuthorizer('Tokens', auth.issuer, { jwtAudience: auth.audience })
          : new HttpNoneAuthorizer(),
    });
    // The longer path wins. GET shows, POST decides, and both ask for the signature in the link.
    const pages = api.addRoutes({
      path: '/approvals/{proxy+}',
      methods,
      integration: new HttpLambdaIntegration('Approvals', functions.of('serve-console').lambda),
      authorizer: new HttpNoneAuthorizer(),
    });
    this.#acknowledgeOpenRoutes(api, pages, auth.kind);
    return {
      url: api.apiEndpoint,
      consoleUrl: api.apiEndpoint,
      namespace: 'AWS/ApiGateway',
      dimensionsMap: { ApiId: api.apiId, Stage: stage.stageName },
      errorsName: '5xx',
      latencyName: 'Latency',
    };
  }

  #acknowledgeOpenRoutes(
    api: HttpApi,
    pages: readonly Construct[],
    auth: HttpApiSettings['auth']['kind'],
  ): void {
    for (const page of pages)
      acknowledge(page, {
        'AwsSolutions-APIG4':
          'the link in the mail is the permission: serve-console checks its signature and its expiry before it shows or does anything',
      });
    if (auth === 'api-key')
      acknowledge(api, {
        'AwsSolutions-APIG4':
          'serve-predictions checks the key of each request against hashes in the registry, so that keys are made and revoked without a deployment',
      });
  }

  #functionUrl({ functions }: FrontDoorProps) {
    const predictions = functions.of('serve-predictions');
    predictions.tell('frontDoorAuth', 'iam');
    const { url } = predictions.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    // AWS gives `https://<id>.lambda-url.<region>.on.aws/`.
    const host = Fn.select(2, Fn.split('/', url));
    return {
      url: `https://${host}`,
      consoleUrl: undefined,
      namespace: 'AWS/Lambda',
      dimensionsMap: { FunctionName: predictions.lambda.functionName },
      errorsName: 'Url5xxCount',
      latencyName: 'UrlRequestLatency',
    };
  }
}
