import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadOrder } from './im-load.ts';
import { ImRest, imConfig } from './im-rest.ts';
import type { Place, Transport } from './im-socket.ts';
import type { OfficialOrder } from './official-load.ts';
import { cpuSeconds, pinned } from './processes.ts';
import { type DaemonProcess, startDaemonProcess } from './servers.ts';

export interface ImDaemon extends DaemonProcess {
  tcpPort: number;
  place(transport: Transport): Place;
}

/** The daemon with an application and both doors for clients, and no bot. */
export async function startImDaemon(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<ImDaemon> {
  const daemon = await startDaemonProcess(dataDir, {
    environment,
    bots: 0,
    config: { channels: [], ...imConfig },
  });
  const tcpPort = Number((await daemon.printed(/im tcp:\/\/\S+:(\d+)\s/))[1]);
  const place = (transport: Transport): Place => ({
    host: '127.0.0.1',
    tcpPort,
    httpPort: daemon.port,
    transport,
  });
  return Object.assign(daemon, { tcpPort, place });
}

/** Tokens of the users 1 to `count`, written down for the load. */
export async function grantUsers(daemon: ImDaemon, count: number): Promise<string> {
  const rest = new ImRest(daemon.port, 16);
  const file = join(daemon.dataDir, 'bench-tokens.json');
  try {
    writeFileSync(file, JSON.stringify(await rest.grant(count)));
  } finally {
    rest.close();
  }
  return file;
}

/** A load program on core 1 that tells in JSON lines how far it is. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #text = '';
  #wake: (() => void) | undefined;
  #ended: number | undefined;

  /** @param nice how much it gives way to another load on its core */
  constructor(order: LoadOrder | OfficialOrder, nice = 0, file = 'im-load.ts') {
    const program = [process.execPath, join(import.meta.dirname, file)];
    const run = pinned(1, nice === 0 ? program : ['nice', '-n', String(nice), ...program]);
    const [command = '', ...rest] = [...run, JSON.stringify(order)];
    this.#child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
      const lines = this.#text.split('\n');
      this.#text = lines.pop() ?? '';
      this.#lines.push(...lines);
      this.#wake?.();
    });
    this.#child.once('exit', (code) => {
      this.#ended = code ?? -1;
      this.#wake?.();
    });
  }

  cpuSeconds(): number {
    return cpuSeconds(this.#child.pid ?? 0);
  }

  /** What it tells next. @throws when it ended instead */
  async next<T>(): Promise<T> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return JSON.parse(line) as T;
      if (this.#ended !== undefined) throw new Error(`the load ended with ${this.#ended}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Lets it end. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    while (this.#ended === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#ended !== 0) throw new Error(`the load ended with ${this.#ended}`);
  }
}
