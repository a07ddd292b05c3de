import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { syncCost } from './database.ts';
import { type Measured, runLoad, startServer } from './processes.ts';
import { startDaemonProcess } from './servers.ts';
import type { UploadsOrder, UploadsResult } from './uploads-load.ts';

interface Delays {
  p50: number;
  p99: number;
  max: number;
}

/**
 * `npm run bench -- uploads`: so many uploads at once, and meanwhile others who ask for something
 * small a hundred times a second: how long they wait is how long the event loop was held up. Beside
 * it a server that reads forms into memory.
 */
export async function benchUploads(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      uploaders: { type: 'string', default: '20' },
      megabytes: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '10' },
    },
  });
  const uploaders = Number(values.uploaders);
  const bytes = Number(values.megabytes) * 1_048_576;
  const seconds = Number(values.seconds);
  const cost = await syncCost();
  print(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  print(`disk: fdatasync of 4 KiB p50 ${cost.p50} µs, p99 ${cost.p99} µs`);
  print(`${uploaders} uploads of ${values.megabytes} MiB at once, for ${seconds} s; probes in ms`);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-'));
  const dataDir = join(folder, 'data');
  const daemon = await startDaemonProcess(dataDir, { config: { channels: [], bots: [] } });
  const memory = await startServer('form in memory', [
    join(import.meta.dirname, 'uploads-memory.ts'),
  ]);
  try {
    for (const server of [memory, daemon]) {
      const isOurs = server === daemon;
      const probes = isOurs ? [live, say] : [live];
      for (const probe of probes) {
        const quiet = await during(server, probe, pause(2000));
        const order: UploadsOrder = {
          ...{ port: server.port, field: 'video', uploaders, bytes, seconds },
          path: isOurs ? '/api/imbot/video' : '/',
        };
        const program = join(import.meta.dirname, 'uploads-load.ts');
        const before = server.cpuSeconds();
        const load = runLoad<UploadsResult>([program, JSON.stringify(order)]);
        const busy = await during(server, probe, load);
        const { uploads, refused } = await load;
        const megabytes = Math.round((uploads * bytes) / seconds / 1_048_576);
        const cpu = (server.cpuSeconds() - before).toFixed(1);
        const rss = Math.round(server.rssBytes() / 1_048_576);
        print(
          `${server.name}, ${probe.name}: quiet ${told(quiet)}; busy ${told(busy)}; ` +
            `${uploads} uploads (${refused} refused), ${megabytes} MiB/s, CPU ${cpu} s, RSS ${rss} MiB`,
        );
      }
    }
    const left = readdirSync(join(dataDir, 'files', 'tmp'));
    print(`drafts left: ${left.length}`);
  } finally {
    await daemon.stop();
    await memory.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Probe = (port: number, agent: Agent) => Promise<void>;

const live: Probe = (port, agent) => ask({ port, agent, path: '/live' });

/** On disk before it is answered. */
const say: Probe = (port, agent) => {
  const msg = { type: 'text', reply: 'hello', timestamp: Date.now() };
  const body = JSON.stringify({ fromUserId: 'a', toUserId: 'b', msg });
  const headers = { 'content-type': 'application/json' };
  return ask({ port, agent, path: '/api/imbot/msg', method: 'POST', headers }, body);
};

function ask(options: object, body?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', ...options }, (response) => {
      response.resume();
      response.on('end', resolve);
    })
      .on('error', reject)
      .end(body);
  });
}

/** Waits of a hundred probes a second, sent on time whatever comes back, until `end`. */
async function during(server: Measured, probe: Probe, end: Promise<unknown>): Promise<Delays> {
  const agent = new Agent({ keepAlive: true });
  const waits: number[] = [];
  const under: Promise<void>[] = [];
  let over = false;
  void end.finally(() => {
    over = true;
  });
  while (!over) {
    const began = performance.now();
    under.push(
      probe(server.port, agent).then(() => {
        waits.push(performance.now() - began);
      }),
    );
    await pause(10);
  }
  await Promise.all(under);
  agent.destroy();
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.floor((waits.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function told({ p50, p99, max }: Delays): string {
  return `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} max ${max.toFixed(1)}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
