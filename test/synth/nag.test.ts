import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { appOf, stageOf, stages } from './synthesise.ts';

/** What a pack finds, as `rule at construct`. */
const findingsOf = (pack: NagPack, scope: IConstruct): readonly string[] =>
  pack
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );

/** Every acknowledgement of a stack: the construct it is beside, the rule and the reason. */
const acknowledgementsIn = (stack: Stack) =>
  stack.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([id, reason]) => ({
        beside: construct.node.path,
        rule: id.replace(/^annotation::/i, ''),
        reason,
      })),
  );

/** The logical ids that a part of a template refers to. */
const referencesOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String([inner].flat()[0])];
    return key === 'DependsOn' ? [inner].flat().map(String) : referencesOf(inner);
  });
};

describe.each([
  ['the cheap one', stages.cheap],
  ['the guarded one', stages.guarded],
  ['the one without a page', stages.withoutPage],
])('cdk-nag on a stage: %s', (_, settings) => {
  const { app, stack } = stageOf(settings);

  it('finds nothing of AwsSolutions that is not answered', () => {
    expect(findingsOf(new AwsSolutionsChecks(app), stack)).toEqual([]);
  });

  it('finds nothing of Serverless that is not answered', () => {
    expect(findingsOf(new ServerlessChecks(app), stack)).toEqual([]);
  });

  it('is answered with reasons, never for the whole stack', () => {
    const acknowledgements = acknowledgementsIn(stack);

    expect(acknowledgements.length).toBeGreaterThan(20);
    for (const { beside, reason } of acknowledgements) {
      expect(reason.length).toBeGreaterThan(20);
      expect(beside.split('/').length).toBeGreaterThan(1);
    }
  });

  it('is answered no more than it asks: an answer goes when its question goes', () => {
    const asked = [AwsSolutionsChecks, ServerlessChecks].flatMap((Pack) => {
      const pack = new Pack(app);
      // What would be found if nothing were acknowledged.
      Object.assign(pack, { isAcknowledged: () => false });
      return findingsOf(pack, stack);
    });
    const idle = acknowledgementsIn(stack).filter(
      ({ beside, rule }) => !asked.some((finding) => finding.startsWith(`${rule} at ${beside}/`)),
    );

    expect(idle).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it('would find a bucket left open', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'careless');
    new Bucket(stack, 'Open');

    expect(findingsOf(new AwsSolutionsChecks(app), stack)).toContain(
      'AwsSolutions-S10 at careless/Open/Resource',
    );
  });
});

describe('a template with everything in it', () => {
  process.env.CDK_VALIDATION = 'true';
  const { app, stack } = appOf(stages.guarded, afterAll);
  const assembly = app.synth();
  process.env.CDK_VALIDATION = 'false';

  it("leaves nothing to say for the CDK's own validation", () => {
    const report = JSON.parse(readFileSync(path.join(assembly.directory, 'validation-report.json'), 'utf8'));

    expect(report.pluginReports).toEqual([]);
  });

  it('holds nothing that refers to itself in a circle, which CloudFormation refuses', () => {
    const { Resources } = assembly.getStackByName(stack.stackName).template;
    // Takes away, again and again, whatever refers to nothing that is left. What stays refers in a circle.
    const left = new Map(Object.entries(Resources).map(([id, resource]) => [id, referencesOf(resource)]));
    for (let before = -1; before !== left.size; ) {
      before = left.size;
      for (const [id, names] of left) if (!names.some((name) => left.has(name))) left.delete(id);
    }

    expect([...left.keys()]).toEqual([]);
  });
});
