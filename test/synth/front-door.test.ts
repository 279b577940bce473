import { describe, expect, it } from 'vitest';
import { outputNames, stackAlarms } from '../../lib/wire/names.ts';
import { plain, resourcesOf, variablesOf } from './policies.ts';
import { stages, templateOf } from './synthesise.ts';

const withKeys = templateOf(stages.tuned);
const withTokens = templateOf(stages.guarded);
const withIam = templateOf(stages.withoutPage);

const routesOf = (template: ReturnType<typeof templateOf>) =>
  Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
    const [, integrationId = ''] = plain(Properties.Target).split('/');
    const integration = resourcesOf(template, 'AWS::ApiGatewayV2::Integration')[integrationId];
    const target = plain(integration?.Properties.IntegrationUri).replace(/^Functions(\w+)Function.*$/, '$1');
    return [Properties.RouteKey, target, Properties.AuthorizationType];
  });

describe('an HTTP API with keys', () => {
  it('asks the endpoint for everything but approvals, which have their page', () => {
    expect(routesOf(withKeys)).toEqual([
      ['GET /{proxy+}', 'servepredictions', 'NONE'],
      ['POST /{proxy+}', 'servepredictions', 'NONE'],
      ['GET /approvals/{proxy+}', 'serveconsole', 'NONE'],
      ['POST /approvals/{proxy+}', 'serveconsole', 'NONE'],
    ]);
  });

  it('tells the endpoint to check keys', () => {
    expect(variablesOf(withKeys, 'dev', 'serve-predictions').MILLRACE_FRONT_DOOR_AUTH).toBe('api-key');
  });

  it('takes no more than the settings say, and logs each request as JSON, without who asked or what', () => {
    const [stage] = Object.values(resourcesOf(withKeys, 'AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings, DefaultRouteSettings } = stage?.Properties ?? {};
    const { DestinationArn, Format } = AccessLogSettings as { DestinationArn: unknown; Format: string };

    expect(DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 9, ThrottlingRateLimit: 7 });
    expect(plain(DestinationArn)).toMatch(/^FrontDoorLogs/);
    expect(Object.keys(JSON.parse(Format))).toContain('status');
    expect(Format).not.toMatch(/sourceIp|userAgent|authorizer|body/);
  });

  it('lets the API call two functions and nobody else call any', () => {
    const permissions = Object.values(resourcesOf(withKeys, 'AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties,
    );

    expect(new Set(permissions.map(({ Principal }) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 'events.amazonaws.com']),
    );
    for (const { SourceArn } of permissions) expect(SourceArn).toBeDefined();
  });

  it('has no CORS: browsers of other sites have no business here', () => {
    for (const { Properties } of Object.values(resourcesOf(withKeys, 'AWS::ApiGatewayV2::Api')))
      expect(Properties).not.toHaveProperty('CorsConfiguration');
  });
});

describe('an HTTP API with tokens', () => {
  it('takes those of the issuer and audience settled, for predictions; a link is enough for approvals', () => {
    expect(routesOf(withTokens)).toEqual([
      ['GET /{proxy+}', 'servepredictions', 'JWT'],
      ['POST /{proxy+}', 'servepredictions', 'JWT'],
      ['GET /approvals/{proxy+}', 'serveconsole', 'NONE'],
      ['POST /approvals/{proxy+}', 'serveconsole', 'NONE'],
    ]);
    withTokens.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      JwtConfiguration: { Audience: ['millrace'], Issuer: 'https://id.example.org/' },
    });
  });

  it('tells the endpoint that tokens are checked at the door', () => {
    expect(variablesOf(withTokens, 'prod', 'serve-predictions').MILLRACE_FRONT_DOOR_AUTH).toBe('jwt');
  });
});

describe('a function URL', () => {
  it('takes signed requests only', () => {
    withIam.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    withIam.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
    expect(variablesOf(withIam, 'dev', 'serve-predictions').MILLRACE_FRONT_DOOR_AUTH).toBe('iam');
  });

  it('has no page: people decide by command, and no function serves one', () => {
    expect(() => variablesOf(withIam, 'dev', 'serve-console')).toThrow('no function');
    expect(variablesOf(withIam, 'dev', 'request-approval')).not.toHaveProperty('MILLRACE_CONSOLE_URL');
    expect(Object.keys(withIam.findOutputs('*'))).not.toContain(outputNames.consoleUrl);
  });

  it('is watched all the same', () => {
    const alarms = Object.values(resourcesOf(withIam, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties,
    );

    expect(alarms).toHaveLength(stackAlarms.length);
    expect(alarms.slice(0, 2).map(({ Namespace, MetricName }) => [Namespace, MetricName])).toEqual([
      ['AWS/Lambda', 'Url5xxCount'],
      ['AWS/Lambda', 'UrlRequestLatency'],
    ]);
  });
});

describe('addresses', () => {
  it('are outputs under the names that commands read', () => {
    expect(Object.keys(withKeys.findOutputs('*')).toSorted()).toEqual(Object.values(outputNames).toSorted());
  });

  it('say where machines are without referring to one', () => {
    expect(
      plain(withKeys.findOutputs(outputNames.machineArnPrefix)[outputNames.machineArnPrefix]?.Value),
    ).toBe('arn::states:::stateMachine:millrace-dev-');
  });
});
