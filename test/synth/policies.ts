import type { Template } from 'aws-cdk-lib/assertions';
import { nameOf } from '../../lib/wire/names.ts';

type Json = Readonly<Record<string, unknown>>;
interface Resource {
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A value of a template as a reader would write it: references by their logical id, the pseudo parameters left out. */
export const plain = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[kind, inner] = ['', undefined]] = Object.entries(value);
  if (kind === 'Ref') return String(inner).startsWith('AWS::') ? '' : String(inner);
  if (kind === 'Fn::GetAtt') return String(listOf(inner)[0]);
  if (kind === 'Fn::Join')
    return listOf(listOf(inner)[1])
      .map(plain)
      .join(String(listOf(inner)[0]));
  return JSON.stringify(value);
};

export const resourcesOf = (template: Template, type: string): Readonly<Record<string, Resource>> =>
  template.findResources(type) as Record<string, Resource>;

export interface Allowed {
  /** The logical id of the role, without its hash. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly condition?: unknown;
}

/** `ObjectsDataB25B7AA9/incoming/*` as `Data/incoming/*`: the hash of a logical id says nothing. */
const withoutHash = (text: string): string =>
  text.replace(/\b([A-Z][A-Za-z0-9]*?)[0-9A-F]{8}(?=$|[^A-Za-z0-9])/g, '$1').replace(/^arn:+/, '');

/** Everything any role of the stack is allowed, an action and a resource at a time. */
export const allowedIn = (template: Template): readonly Allowed[] =>
  Object.values(resourcesOf(template, 'AWS::IAM::Policy')).flatMap(({ Properties }) => {
    const { Statement } = Properties.PolicyDocument as { Statement: readonly Json[] };
    const [role] = listOf(Properties.Roles).map((name) => withoutHash(plain(name)));
    return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) =>
      listOf(statement.Action).flatMap((action) =>
        listOf(statement.Resource).map((resource) => ({
          role: role ?? '',
          action: String(action),
          resource: withoutHash(plain(resource)),
          ...(statement.Condition !== undefined && { condition: statement.Condition }),
        })),
      ),
    );
  });

/** What a function of the stage may do, as `action resource`, logging, tracing aside. */
export const rightsOf = (template: Template, functionName: string): readonly string[] =>
  allowedIn(template)
    .filter(({ role }) => role === `Functions${functionName.replaceAll('-', '')}Role`)
    .filter(({ action }) => !/^(logs|xray):/.test(action))
    .map(({ action, resource }) => `${action} ${resource}`)
    .toSorted();

/** The variables of a function. */
export const variablesOf = (template: Template, stage: string, functionName: string): Json => {
  const name = nameOf(stage, functionName);
  const found = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).find(
    ({ Properties }) => Properties.FunctionName === name,
  );
  if (found === undefined) throw new Error(`no function ${name}`);
  return (found.Properties.Environment as { Variables: Json }).Variables;
};
