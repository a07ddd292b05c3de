import { relative } from 'node:path';
import type { Plugin } from 'vite';
import {
  callsOf,
  type Dictionary,
  dictionariesBelow,
  programOf,
  usesOf,
} from './console-dictionaries.ts';

/**
 * Words stand in both languages side by side, and a browser needs those of one, without the keys
 * that only we read. So a build takes a file with `export const w = words({…zh}, {…en})` three
 * times: as `words.ts?zh` and `words.ts?en` it holds the words alone, in an order; as `words.ts`
 * only which dictionary it is. `words.zh.ts` and `words.en.ts` gather the former; `w.title`
 * becomes `w[3]`, unless somebody looks words up (`w[state]`): such a dictionary keeps its keys.
 */
export function wordsByLanguage(root: string): Plugin {
  let all: Dictionary[] = [];
  return {
    name: 'words-by-language',
    // While it is as it was written.
    enforce: 'pre',
    buildStart() {
      all = dictionariesBelow(root);
    },
    transform: {
      filter: { id: /\.tsx?(\?(zh|en))?$/ },
      handler(code, id) {
        const [path = '', language] = id.split('?');
        const file = relative(root, path).replaceAll('\\', '/');
        if (file.startsWith('../')) return undefined;
        const [, gathers] = /^words\.(zh|en)\.ts$/.exec(file) ?? [];
        if (gathers !== undefined) return { code: gathered(all, gathers), map: null };
        const made =
          language === 'zh' || language === 'en'
            ? listed(code, file, language)
            : numbered(code, file, all);
        return made === code ? undefined : { code: made, map: null };
      },
    },
  };
}

/** All words of a language, dictionary by dictionary. */
function gathered(all: readonly Dictionary[], language: string): string {
  const imports = all.map(
    ({ file, name }, place) => `import { ${name} as _${place} } from './${file}?${language}';`,
  );
  return `${imports.join('\n')}\nexport const gathered = [${all.map((_, place) => `_${place}`)}];\n`;
}

/** The words of a file in one language: both languages have them in the order of the first. */
export function listed(code: string, file: string, language: 'zh' | 'en'): string {
  return changed(
    code,
    callsOf(programOf(file, code)).map((call) => {
      const own = new Map(call[language].map((one) => [one.key, code.slice(one.start, one.end)]));
      return { ...call, text: `[${call.zh.map(({ key }) => own.get(key))}]` };
    }),
  );
}

/** A file whose words are somewhere else: which dictionary, and which of its words. */
export function numbered(code: string, file: string, all: readonly Dictionary[]): string {
  const program = programOf(file, code);
  const calls = callsOf(program).map((call) => {
    const place = all.findIndex((one) => one.file === file && one.name === call.name);
    const { keys = [], lookedUp = [] } = all[place] ?? {};
    return {
      ...call,
      text: `words(${place}${lookedUp.length > 0 ? `, '${keys.join(' ')}'` : ''})`,
    };
  });
  const uses = usesOf(program, file, all).flatMap(({ of, named }) =>
    named === undefined || of.lookedUp.length > 0
      ? []
      : [{ ...named, text: `[${of.keys.indexOf(named.key)}]` }],
  );
  return changed(code, [...calls, ...uses]);
}

function changed(code: string, edits: { start: number; end: number; text: string }[]): string {
  // The last first: so what was changed moves nothing that is still to be.
  return edits
    .sort((one, other) => other.start - one.start)
    .reduce((made, { start, end, text }) => made.slice(0, start) + text + made.slice(end), code);
}
