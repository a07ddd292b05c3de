import { relative } from 'node:path';
import type { ESTree, Plugin } from 'vite';

/** The files that `console/words.zh.ts` and `console/words.en.ts` gather. */
const gathered = /^\.\/(words\/[\w-]+|screens\/[\w-]+\/[\w-]*words)\.ts$/;

/**
 * Words stand in both languages side by side, and a browser needs those of one. So a build takes a
 * file with `export const w = words({…zh}, {…en})` three times: as `words.ts?zh` and `words.ts?en`
 * it holds the dictionary itself, as `words.ts` only where to look it up.
 */
export function wordsByLanguage(root: string): Plugin {
  return {
    name: 'words-by-language',
    // While it is as it was written.
    enforce: 'pre',
    transform: {
      filter: { code: /\bwords\(/ },
      handler(code, id) {
        const [path = '', language = ''] = id.split('?');
        const calls = exportedCalls(this.parse(code, { lang: path.endsWith('x') ? 'tsx' : 'ts' }));
        if (calls.length === 0) return undefined;
        const file = `./${relative(root, path).replaceAll('\\', '/')}`;
        if (!gathered.test(file)) this.error(`${file}: nobody would gather these words`);
        let made = code;
        // The last first: so what was changed moves nothing that is still to be.
        for (const { name, call } of calls.reverse()) {
          const [zh, en] = call.arguments;
          const own = { zh, en }[language];
          const instead = own ? code.slice(own.start, own.end) : `words('${file}', '${name}')`;
          made = made.slice(0, call.start) + instead + made.slice(call.end);
        }
        return { code: made, map: null };
      },
    },
  };
}

/** Each `export const NAME = words(…)`. */
function exportedCalls({ body }: ESTree.Program) {
  return body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    if (statement.declaration?.type !== 'VariableDeclaration') return [];
    return statement.declaration.declarations.flatMap(({ id, init }) =>
      id.type === 'Identifier' &&
      init?.type === 'CallExpression' &&
      init.callee.type === 'Identifier' &&
      init.callee.name === 'words'
        ? [{ name: id.name, call: init }]
        : [],
    );
  });
}
