import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { type ESTree, parseSync, Visitor } from 'vite';

/** Where dictionaries stand. */
const homes = /^(words\/[\w-]+|screens\/[\w-]+\/[\w-]*words)\.ts$/;

/** `export const NAME = words({…zh}, {…en})` of a file. */
export interface Dictionary {
  /** From the folder of the console: `screens/bots/words.ts`. */
  file: string;
  name: string;
  keys: string[];
  /** The keys that somebody names: `w.title`. */
  named: Set<string>;
  /** Where its name stands otherwise (`w[state]`): then its keys are to be known while it runs. */
  lookedUp: string[];
}

/** What a dictionary is called in a file, and where. */
interface Use {
  of: Dictionary;
  /** From the end of `w` to the end of `w.title`; absent: a use that names no word. */
  named?: { key: string; start: number; end: number };
}

/** A call of `words`, its two dictionaries as they are written. */
export interface Call {
  name: string;
  start: number;
  end: number;
  zh: Entry[];
  en: Entry[];
}
interface Entry {
  key: string;
  /** Where its value stands. */
  start: number;
  end: number;
}

/** All dictionaries below a folder, in an order that is always the same, with all that is said of them. */
export function dictionariesBelow(root: string): Dictionary[] {
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((file) => ({ file, program: programOf(file, readFileSync(join(root, file), 'utf8')) }));
  const all = sources.flatMap(({ file, program }) =>
    callsOf(program).map(({ name, zh, en }): Dictionary => {
      if (!homes.test(file)) throw new Error(`${file}: nobody would gather these words`);
      const keys = zh.map(({ key }) => key);
      const odd =
        keys.find((key) => key.includes(' ')) ??
        missing(keys, en) ??
        missing(
          en.map(({ key }) => key),
          zh,
        );
      if (odd !== undefined) throw new Error(`${file}: “${odd}” is no word of both languages`);
      return { file, name, keys, named: new Set(), lookedUp: [] };
    }),
  );
  for (const { file, program } of sources) {
    for (const { of, named } of usesOf(program, file, all)) {
      if (named === undefined) of.lookedUp.push(file);
      else of.named.add(named.key);
    }
  }
  return all;
}

export function programOf(file: string, code: string): ESTree.Program {
  return parseSync(file, code).program;
}

/** Each `export const NAME = words(…)`. */
export function callsOf({ body }: ESTree.Program): Call[] {
  return body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    if (statement.declaration?.type !== 'VariableDeclaration') return [];
    return statement.declaration.declarations.flatMap(({ id, init }) => {
      if (id.type !== 'Identifier' || init?.type !== 'CallExpression') return [];
      if (init.callee.type !== 'Identifier' || init.callee.name !== 'words') return [];
      const [zh, en] = init.arguments;
      return [
        { name: id.name, start: init.start, end: init.end, zh: entriesOf(zh), en: entriesOf(en) },
      ];
    });
  });
}

/**
 * Where a file calls dictionaries. Whatever bears such a name there and is not `w.title` counts as
 * a use that names no word, a variable of the same name too: so nothing is taken for what it is not.
 */
export function usesOf(program: ESTree.Program, file: string, all: readonly Dictionary[]): Use[] {
  const called = new Map<string, Dictionary>();
  for (const one of all) if (one.file === file) called.set(one.name, one);
  const uses: Use[] = [];
  /** Identifiers that are no uses. */
  const silent = new Set<unknown>();
  for (const statement of program.body) {
    if (!('source' in statement) || statement.source === null) continue;
    const from = join(dirname(file), statement.source.value);
    const there = all.filter((one) => one.file === from);
    const specifiers = statement.type === 'ImportDeclaration' ? statement.specifiers : [undefined];
    for (const one of specifiers) {
      if (one?.type !== 'ImportSpecifier' || one.imported.type !== 'Identifier') {
        // All of a file, or handed on: who knows by whom what is said.
        uses.push(...there.map((of) => ({ of })));
        continue;
      }
      const { name } = one.imported;
      const found = there.find((other) => other.name === name);
      if (found === undefined) continue;
      called.set(one.local.name, found);
      silent.add(one.imported).add(one.local);
    }
  }
  if (called.size === 0) return uses;
  new Visitor({
    VariableDeclarator({ id, init }) {
      if (init?.type !== 'CallExpression' || init.callee.type !== 'Identifier') return;
      if (init.callee.name === 'words') silent.add(id);
    },
    Property({ key, computed, shorthand }) {
      if (!computed && !shorthand) silent.add(key);
    },
    MemberExpression({ object, property, computed, end }) {
      if (computed || property.type !== 'Identifier') return;
      silent.add(property);
      const of = object.type === 'Identifier' ? called.get(object.name) : undefined;
      if (of?.keys.includes(property.name) !== true) return;
      silent.add(object);
      uses.push({ of, named: { key: property.name, start: object.end, end } });
    },
    Identifier(node) {
      const of = called.get(node.name);
      if (of !== undefined && !silent.has(node)) uses.push({ of });
    },
  }).visit(program);
  return uses;
}

function entriesOf(dictionary: ESTree.Argument | undefined): Entry[] {
  if (dictionary?.type !== 'ObjectExpression') throw new Error('words are written where they are');
  return dictionary.properties.map((one) => {
    if (one.type !== 'Property' || one.computed || one.method) {
      throw new Error('a word is written as `key: word`');
    }
    const { key, value } = one;
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? `${key.value}` : '';
    return { key: name, start: value.start, end: value.end };
  });
}

function missing(keys: readonly string[], entries: readonly Entry[]): string | undefined {
  return keys.find((key) => !entries.some((one) => one.key === key));
}
