import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { machine } from '../../lib/cli/machine.ts';
import { buildProgram } from '../../lib/cli/program.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = globSync(
  ['*.md', '{docs,examples,lib,build,lambdas,statemachines,containers,test,bench}/**/*.md'],
  {
    cwd: root,
    exclude: (name) => name.includes('node_modules'),
  },
);
const read = (page: string) => readFileSync(path.join(root, page), 'utf8');
const { scripts } = JSON.parse(read('package.json'));
const program = buildProgram(machine());

/** What is set as code: fences, and `inline`. In tables and prose without it, "millrace" is a name. */
const codeIn = (text: string): readonly string[] => {
  const fences = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(([, language = '', code = '']) =>
    ['', 'sh', 'yaml'].includes(language) ? code : [],
  );
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)];
  return [
    ...fences.flatMap((fence) => fence.replaceAll('\\\n', ' ').split('\n')),
    ...inline.map(([, code = '']) => code.replaceAll('\n', ' ')),
  ];
};

/** `millrace …` and `npm run millrace -- …`, without comments, pipes and what follows another command. */
const callsIn = (line: string): readonly (readonly string[])[] =>
  [...line.matchAll(/(?:^|[\s(])(?:npx )?millrace (?!--? )([^#|;&()]+)/g)].map(([, words = '']) =>
    words.trim().split(/\s+/),
  );

const optionsOf = (command: Command): readonly string[] =>
  command.options.flatMap(({ long, short }) => [long ?? '', short ?? '']);

const faultIn = (words: readonly string[]): string | undefined => {
  const named: Command[] = [program];
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const found = named.at(-1)?.commands.find((one) => one.name() === word);
    if (found === undefined) break;
    named.push(found);
  }
  const [first = ''] = words;
  if (named.length === 1 && /^[a-z]/.test(first) && first !== 'help') return `no command ${first}`;
  const known = [...named.flatMap(optionsOf), '--help'];
  const stray = words
    .filter((word) => /^--[a-z]/.test(word))
    .map((word) => word.replace(/[=\]].*$/, ''))
    .filter((word) => !known.includes(word));
  return stray.length === 0 ? undefined : `${named.at(-1)?.name()} has no ${stray.join(', ')}`;
};

/** As GitHub makes them of headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe.each(pages)('the page %s', (page) => {
  const text = read(page);

  it('names only commands and options that millrace has', () => {
    const faults = codeIn(text).flatMap((line) =>
      callsIn(line).flatMap((words) => {
        const fault = faultIn(words);
        return fault === undefined ? [] : `${fault}: millrace ${words.join(' ')}`;
      }),
    );

    expect(faults).toEqual([]);
  });

  it('names only npm scripts that are there', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);

    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('links only to files and headings that are there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
    const broken = links.filter((to) => {
      if (/^(?:https?|mailto):/.test(to)) return false;
      const [file = '', anchor] = to.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });

    expect(broken).toEqual([]);
  });
});

describe('docs/cli.md', () => {
  const rows = read('docs/cli.md').split('\n');
  const everywhere = program.options.flatMap(({ long }) => long ?? []);

  it.each(program.commands.flatMap((command) => [command, ...command.commands]))(
    'names every option of $_name in its line',
    (command) => {
      const parent = command.parent === program ? '' : `${command.parent?.name()} `;
      const row =
        rows.find((one) => one.startsWith('| `') && one.includes(`\`${parent}${command.name()}`)) ?? '';
      const options = command.options.flatMap(({ long }) => long ?? []);

      expect(row).not.toBe('');
      expect(options.filter((option) => !row.includes(option))).toEqual([]);
    },
  );

  it('explains the options that every command has', () => {
    const page = rows.join('\n');

    expect(everywhere.filter((option) => option !== '--version' && !page.includes(`\`${option}`))).toEqual(
      [],
    );
  });
});
