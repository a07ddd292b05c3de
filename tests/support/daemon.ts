import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { createDaemon, type Daemon, type DaemonOverrides } from '../../scripts/daemon.ts';
import { eventually as waitFor } from './eventually.ts';

export interface TestDaemon {
  daemon: Daemon;
  url: string;
  dataDir: string;
  /** Log lines written so far, as text. */
  log(): string;
  /** Stops and starts a new daemon on the same data. */
  restart(config?: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** A guess that costs next to nothing: who may come in is looked at, not how long that takes. */
const cheap = { N: 1024, r: 8, p: 1 };

/**
 * The whole daemon in a temporary directory on a free port, with channel `demo` (key `secret`) and
 * the simulated bot `bot01` that waits for a scan, unless `config` says otherwise.
 */
export async function startDaemon(
  config: Record<string, unknown> = {},
  overrides: Partial<DaemonOverrides> & { dataDir?: string } = {},
): Promise<TestDaemon> {
  const dataDir = overrides.dataDir ?? mkdtempSync(join(tmpdir(), 'wxrc-test-'));
  let lines = '';
  const logger = createLogger('debug', {
    write: (line: string) => {
      lines += line;
    },
  });
  const launch = async (changed: Record<string, unknown>): Promise<Daemon> => {
    const daemon = await createDaemon(
      parseConfig({
        channels: [{ chid: 'demo', key: 'secret' }],
        bots: [{ botcode: 'bot01', driver: 'simulator', autoScan: false }],
        pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
        admin: { username: 'admin', password: 'test-password' },
        ...config,
        ...changed,
        http: { ...Object(config['http']), port: 0 },
        dataDir,
      }),
      { logger, onFatal: () => {}, passwordCost: cheap, ...overrides },
    );
    await daemon.start();
    return daemon;
  };
  const running: TestDaemon = {
    daemon: await launch({}),
    url: '',
    dataDir,
    log: () => lines,
    restart: async (changed = {}) => {
      await running.daemon.stop();
      running.daemon = await launch(changed);
      running.url = running.daemon.url;
    },
    close: async () => {
      await running.daemon.stop();
      if (overrides.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  running.url = running.daemon.url;
  return running;
}

/** `eventually` with what it waits for named last, or not at all. */
export function eventually<T>(
  check: () => Promise<T | undefined | false> | T | undefined | false,
  what = 'condition',
  withinMs = 10_000,
): Promise<T> {
  return waitFor(what, check, withinMs);
}
