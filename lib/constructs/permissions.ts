import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource holds a wildcard; without it, the checks in `npm test` refuse the wildcard. */
  readonly because?: string;
  readonly conditions?: Record<string, Record<string, unknown>>;
}

/** A resource as checks name it: `<DataBucket1A2B.Arn>/incoming/*`. */
const nameOfResource = (resolved: unknown): string => {
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved !== 'object' || resolved === null) return String(resolved);
  const [[kind, value] = ['', undefined]] = Object.entries(resolved);
  if (kind === 'Fn::Join' && Array.isArray(value)) return value[1].map(nameOfResource).join(value[0]);
  if (kind === 'Fn::GetAtt' && Array.isArray(value)) return `<${value.join('.')}>`;
  return kind === 'Ref' ? `<${value}>` : JSON.stringify(resolved);
};

/** Acknowledges findings of cdk-nag on a construct and all below it, each with its reason. */
export const acknowledge = (scope: IConstruct, reasons: Readonly<Record<string, string>>): void => {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(scope).acknowledge({ id, reason });
};

/** Allows a role actions on resources, both by name, and puts the reason of each wildcard on record beside it. */
export const permit = (scope: IConstruct, role: Role, permission: Permission): void => {
  const { actions, resources, because, conditions } = permission;
  const statement = new PolicyStatement({ actions: [...actions], resources: [...resources] });
  if (conditions !== undefined) statement.addConditions(conditions);
  role.addToPrincipalPolicy(statement);
  if (because === undefined) return;
  const wild = resources
    .map((resource) => nameOfResource(Stack.of(scope).resolve(resource)))
    .filter((name) => name.includes('*'));
  acknowledge(
    scope,
    Object.fromEntries(wild.map((name) => [`AwsSolutions-IAM5[Resource::${name}]`, because])),
  );
};
