import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

/** Where the sources of the console are; not there: this installation has none (yet). */
export const consoleSources = fileURLToPath(new URL('../console', import.meta.url));
/** Where a build goes when nothing else is said. */
export const consoleOutput = fileURLToPath(new URL('../dist/console', import.meta.url));

/**
 * Screens that are used one after the other come in one part: packed alone they would weigh a
 * quarter more. One that is not named here is a part of its own.
 */
const together = {
  bots: ['overview', 'bots', 'bot-detail'],
  // Reports show sends and their states.
  messages: [
    ...['sends', 'send-detail', 'compose', 'dead-letters'],
    ...['webhooks', 'webhook-detail', 'events'],
    ...['schedules', 'schedule-detail'],
  ],
  // Two of these in one part pack better than each apart, and are no larger than the messages.
  talks: [
    ...['conversations', 'chatbot', 'chat-detail'],
    ...['alarms', 'access', 'system', 'profile'],
  ],
};

/**
 * `_h('p', { class }, text)` instead of `jsx('p', { class, children: text })`: the same elements, a
 * kB less. Whatever NODE_ENV is around: a build is named by its sources alone.
 */
const elements: import('vite').OxcOptions = {
  jsx: { runtime: 'classic', pragma: '_h', pragmaFrag: '_Fragment', development: false },
  jsxInject: `import { h as _h, Fragment as _Fragment } from 'preact';`,
};

/** Types that the build needs, and what makes it: a change of either makes a new console. */
const makers = ['vite', 'preact', '@preact/signals'] as const;

/** Name of the build of the sources as they are now. Undefined: there are no sources. */
export function consoleHash(): string | undefined {
  if (!existsSync(join(consoleSources, 'index.html'))) return undefined;
  const hash = createHash('sha256');
  for (const file of filesBelow(consoleSources)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(consoleSources, file)))
      .update('\0');
  }
  for (const own of ['console-build.ts', 'console-words.ts', 'console-dictionaries.ts']) {
    hash.update(readFileSync(fileURLToPath(new URL(own, import.meta.url))));
  }
  const require = createRequire(import.meta.url);
  for (const name of makers) hash.update(versionOf(require.resolve(name), name));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Builds the console into `<output>/<hash of the sources>`, unless it is there. Nobody sees half of
 * one: it is made beside and renamed, so that several may build at once.
 * @returns the folder of the build
 */
export async function buildConsole(output: string, hash: string): Promise<string> {
  const folder = join(output, hash);
  if (existsSync(folder)) return folder;
  mkdirSync(output, { recursive: true });
  const fresh = join(output, `.${hash}-${randomUUID()}`);
  try {
    // Only here: both load Vite, and a daemon that has its build needs none.
    const { build } = await import('vite');
    const { wordsByLanguage } = await import('./console-words.ts');
    await build(buildConfig(fresh, wordsByLanguage(consoleSources)));
    compress(fresh);
    try {
      renameSync(fresh, folder);
    } catch (error) {
      // Another was faster.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  removeFormer(output, hash);
  return folder;
}

function buildConfig(outDir: string, words: import('vite').Plugin): import('vite').InlineConfig {
  return {
    root: consoleSources,
    base: '/console/',
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    // Vite would look for a cache in node_modules, which may be read-only.
    cacheDir: join(outDir, '.vite'),
    oxc: elements,
    plugins: [words],
    build: {
      outDir,
      emptyOutDir: true,
      // Which part needs which: for those who measure.
      manifest: 'parts.json',
      assetsDir: 'assets',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        output: { codeSplitting: { groups: groups() } },
        // On a busy machine it would blame our step for the time that others took.
        checks: { bundlerTimings: false },
      },
    },
  };
}

/** What is of no screen comes first: else it came with the first group that needs it, whole. */
function groups(): import('vite').Rolldown.CodeSplittingGroup[] {
  const later = /[\\/]console[\\/]screens[\\/]|[\\/]words\.(zh|en)\.ts$|\?(zh|en)$/;
  return [
    { name: 'first', test: (id) => !later.test(id) },
    ...Object.entries(together).map(([name, screens]) => ({
      name,
      test: new RegExp(`[\\\\/]console[\\\\/]screens[\\\\/](${screens.join('|')})[\\\\/][^?]*$`),
    })),
  ];
}

/** Beside each file what most browsers are sent of it. */
function compress(folder: string): void {
  for (const file of filesBelow(folder)) {
    const path = join(folder, file);
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}

/** Daemons that serve a former build hold it in memory; a young one may be about to be read. */
function removeFormer(output: string, hash: string): void {
  for (const name of readdirSync(output)) {
    const path = join(output, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (name !== hash && Date.now() - changed > 3_600_000) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && !entry.name.endsWith('.md') && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function versionOf(entry: string, name: string): string {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { name: own, version } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      unknown
    >;
    if (own === name) return `${name}@${version}`;
  }
  return name;
}

/** Run by `npm ci` (prepare), and by a daemon that finds no build of its sources. */
async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { output: { type: 'string' }, lenient: { type: 'boolean', default: false } },
  });
  const hash = consoleHash();
  if (hash === undefined) return;
  try {
    await buildConsole(values.output ?? consoleOutput, hash);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`the console was not built: ${why}\n`);
    // An installation does not fail for it: the daemon tries again when it starts.
    if (!values.lenient) process.exitCode = 1;
  }
}

if (import.meta.main) await main(process.argv.slice(2));
