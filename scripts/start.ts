import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { ConfigError, loadConfig, type Options } from '../config/config.ts';
import { keepSqliteTempIn, localeLanguage, readEnv } from '../config/env.ts';
import { createLogger } from '../config/logger.ts';
import { spelled } from '../store/open-database.ts';
import { argumentWords } from './cli/argument-words.ts';
import { createDaemon, type Daemon } from './daemon.ts';
import { leave } from './leave.ts';
import { startWords, usage } from './start-words.ts';
import { welcome } from './welcome.ts';

/** Process entry: options and signals in, exit code out. */
export async function start(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(usage[localeLanguage(readEnv())]);
    return;
  }
  // What one request leaves behind is little: collecting it with helper threads costs more than it
  // saves (docs/decisions.md).
  setFlagsFromString('--no-parallel-scavenge');
  // Nobody else on the machine reads what we write.
  process.umask(0o077);
  const env = readEnv();
  const config = orExit(() => loadConfig(options, env));
  keepSqliteTempIn(config.dataDir);
  const logger = createLogger(env.logLevel ?? config.log);
  // The state is in the database: a process in doubt ends and starts afresh.
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception: ending');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'unhandled rejection');
  });

  let daemon: Daemon | undefined;
  let stopping = false;
  const stop = (code = 0): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => leave(1), 9500).unref();
    // While it is still starting there may be nothing to stop yet, but a database that is copied or
    // written anew.
    if (daemon === undefined) leave(code === 0 ? 0 : 1);
    daemon.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        logger.error({ err: error }, 'stop');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop());
  process.on('SIGINT', () => stop());
  process.on('SIGHUP', () => {
    daemon?.reload().catch((error: unknown) => {
      if (error instanceof ConfigError)
        logger.error({ faults: error.faults }, 'config not read again');
      else logger.error({ err: error }, 'reload');
    });
  });

  try {
    daemon = await createDaemon(config, {
      logger,
      onFatal: () => process.exit(1),
      onLost: () => stop(74),
      reload: () => loadConfig(options, env),
    });
    await daemon.start();
  } catch (thrown) {
    // A stop in the middle of the start makes the start fail; the stop ends the process.
    if (stopping) return;
    const error = spelled(thrown);
    process.stderr.write(`${startWords(error)[config.language]}\n`);
    process.exit(exitCode(error));
  }
  if (stopping) return;
  process.stdout.write(`wxrc ready ${daemon.url}\n`);
  const { imPort } = daemon;
  if (imPort !== undefined) process.stdout.write(`im tcp://${config.http.host}:${imPort}\n`);
  // Nobody waits for it; whoever opens it meanwhile does.
  daemon.core.consoleFiles.load().catch(() => {});
  process.stdout.write(await welcome(daemon, args));
  daemon.showQrCodes(process.stdout);
}

function readOptions(args: string[]): Options | 'help' {
  return orExit(() => {
    const text = { type: 'string' } as const;
    const parsed = parseArgs({
      args,
      options: {
        config: text,
        data: text,
        port: text,
        host: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { help, ...options } = parsed.values;
    return help === true ? 'help' : options;
  });
}

/** Faults of config or command line end the process with code 78, all of them told. */
function orExit<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const words = argumentWords(message);
    // The config that names the language is at fault itself: the locale says it, as for `wxrc`.
    const language = localeLanguage(readEnv());
    const faults = error instanceof ConfigError ? error.told(language) : [words[language]];
    const head = { zh: '配置或命令行有误：', en: 'the configuration cannot be used:' };
    process.stderr.write(`wxrc: ${head[language]}\n`);
    for (const fault of faults) process.stderr.write(`  - ${fault}\n`);
    process.exit(78);
  }
}

function exitCode(error: unknown): number {
  if (!(error instanceof Error)) return 1;
  if (error.name === 'DatabaseUnusable') return 74;
  return error.name === 'StoreLocked' ? 75 : 1;
}

if (import.meta.main) await start(process.argv.slice(2));
