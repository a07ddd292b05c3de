import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Measured, startServer } from './processes.ts';

export interface DaemonProcess extends Measured {
  dataDir: string;
}

export interface DaemonSetup {
  environment?: Record<string, string>;
  bots?: number;
  /** Config keys that replace the defaults below. */
  config?: Record<string, unknown>;
}

/** The daemon as users run it, with a channel `bench` and simulated bots, logged in. */
export async function startDaemonProcess(
  dataDir: string,
  setup: DaemonSetup = {},
): Promise<DaemonProcess> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'config.json');
  const config = {
    http: { port: 0 },
    dataDir,
    admin: { username: 'admin', password: 'bench' },
    // As for real bots: what is accepted waits for its turn.
    pacing: { perMinute: 20, perRoomPerMinute: 6 },
    channels: [{ chid: 'bench', key: 'bench-key' }],
    bots: Array.from({ length: setup.bots ?? 1 }, (_, index) => ({
      botcode: `bot${String(index + 1).padStart(2, '0')}`,
      driver: 'simulator',
      autoScan: false,
    })),
    ...setup.config,
  };
  writeFileSync(file, JSON.stringify(config));
  const start = join(import.meta.dirname, '..', 'start.ts');
  const server = await startServer('wxrc', [start, '--config', file], setup.environment);
  for (const bot of config.bots) {
    if (bot.driver === 'simulator') await logIn(server.port, bot.botcode);
  }
  return Object.assign(server, { dataDir });
}

async function logIn(port: number, botcode: string): Promise<void> {
  const base = `http://127.0.0.1:${port}/simulator/${botcode}`;
  for (let tries = 0; tries < 200; tries += 1) {
    await fetch(`${base}/scan`, { method: 'POST' }).catch(() => undefined);
    const confirmed = await fetch(`${base}/confirm`, { method: 'POST' }).catch(() => undefined);
    if (confirmed?.ok === true) return;
    const state = (await (await fetch(base)).json()) as { state?: string };
    if (state.state === 'loggedIn') return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${botcode} did not log in`);
}

/** Now, as yyyymmddhhmmss in the daemon's default zone. */
export function txtime(now = Date.now()): string {
  return new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
}
