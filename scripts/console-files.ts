import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsoleFile, ConsoleSource } from '../api/console/files.ts';
import type { Logger } from '../config/logger.ts';
import { consoleHash, consoleOutput } from './console-build.ts';

export interface ConsoleFilesOptions {
  dataDir: string;
  logger: Logger;
  /** Where builds are looked for and made first; default: in the installation. */
  output?: string;
}

/**
 * The files of the console: those that the installation built, or a build of now, made by another
 * process so that nobody waits but who wants to see it. An installation that cannot be written to
 * gets its build in the data directory.
 */
export class ConsoleFiles implements ConsoleSource {
  readonly #options: Required<ConsoleFilesOptions>;
  #loading: Promise<ReadonlyMap<string, ConsoleFile>> | undefined;

  constructor(options: ConsoleFilesOptions) {
    this.#options = { output: consoleOutput, ...options };
  }

  /** What was read once stays: a console fits the daemon it came with. */
  load(): Promise<ReadonlyMap<string, ConsoleFile>> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      this.#options.logger.error({ err: error }, 'the console is not there');
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<ReadonlyMap<string, ConsoleFile>> {
    const { output, dataDir } = this.#options;
    const own = join(dataDir, 'console');
    const hash = consoleHash();
    const found =
      hash === undefined
        ? only(output)
        : [output, own].map((at) => join(at, hash)).find(existsSync);
    if (found !== undefined) return filesOf(found);
    if (hash === undefined) throw new Error('no sources of the console, and no build');
    const target = isWritable(output) ? output : own;
    await this.#build(target);
    return filesOf(join(target, hash));
  }

  #build(output: string): Promise<void> {
    const script = fileURLToPath(new URL('console-build.ts', import.meta.url));
    const child = spawn(process.execPath, [script, '--output', output], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      said = `${said}${piece}`.slice(-2000);
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`building the console failed (${code}): ${said}`));
      });
    });
  }
}

/** The build of an installation that came without sources. */
function only(output: string): string | undefined {
  if (!existsSync(output)) return undefined;
  const name = readdirSync(output).find((one) => existsSync(join(output, one, 'index.html')));
  return name === undefined ? undefined : join(output, name);
}

/** By name: `index.html`, `assets/…`. */
function filesOf(folder: string): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.gz')) continue;
    const path = join(entry.parentPath, entry.name);
    const zipped = `${path}.gz`;
    files.set(path.slice(folder.length + 1).replaceAll('\\', '/'), {
      bytes: readFileSync(path),
      gzip: existsSync(zipped) ? readFileSync(zipped) : undefined,
    });
  }
  return files;
}

/** Whether the folder is there or can be made. */
function isWritable(folder: string): boolean {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
