import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UniformResourceNameRegistry } from 'file-box';
import { log } from 'wechaty-puppet';
import { PuppetServer } from 'wechaty-puppet-service';
import { freePort } from '../../bot/automation/drivers/wechaty/free-port.ts';
import { SimPuppet, type SimPuppetOptions } from './sim-puppet.ts';

/*
 * Puppet servers around simulated puppets. Imported: in this process, whose puppets tests reach into.
 * Run as a program: in another process, which tests may freeze and kill.
 */

export interface ServeOptions {
  tls?: boolean;
  port?: number;
  token?: string;
}

/** One puppet behind a real gRPC server on loopback. */
export class ServedPuppet {
  readonly puppet: SimPuppet;
  readonly token: string;
  readonly tls: boolean;
  port: number;
  #server: PuppetServer | undefined;
  /** Where uploads lie; the library's own place would be left behind by a killed process. */
  #files: string | undefined;

  constructor(puppet: SimPuppet, options: ServeOptions = {}) {
    this.puppet = puppet;
    this.token = options.token ?? `insecure_${randomBytes(12).toString('hex')}`;
    this.tls = options.tls ?? false;
    this.port = options.port ?? 0;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** As `puppetOptions` of a bot. */
  get options(): Record<string, unknown> {
    return { token: this.token, endpoint: this.endpoint, tls: { disable: !this.tls } };
  }

  async up(): Promise<void> {
    log.level('silent');
    if (this.port === 0) this.port = await freePort();
    this.#server = new PuppetServer({
      endpoint: this.endpoint,
      token: this.token,
      puppet: this.puppet,
      tls: { disable: !this.tls },
    });
    this.#files = await mkdtemp(join(tmpdir(), 'wxrc-puppet-'));
    const urnRegistry = new UniformResourceNameRegistry({ storeDir: this.#files });
    urnRegistry.init();
    Object.assign(this.#server, { urnRegistry });
    await this.#server.start();
  }

  /** Cuts every connection; the puppet and its session stay. */
  async down(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
    if (this.#files !== undefined) await rm(this.#files, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.down();
    await this.puppet.stop();
  }
}

export async function servePuppet(
  puppet: SimPuppetOptions = {},
  options: ServeOptions = {},
): Promise<ServedPuppet> {
  const served = new ServedPuppet(new SimPuppet(puppet), options);
  await served.up();
  return served;
}

export interface FarmOrder {
  /** One puppet per entry; tokens and ports so that a later farm is found at the same place. */
  puppets: (ServeOptions & { id: string; name?: string; loggedIn?: boolean; rooms?: number })[];
}
export interface FarmPlace {
  port: number;
  token: string;
}

/** A farm in another process. */
export interface Farm {
  pid: number;
  places: FarmPlace[];
  /** Calls a method of one of its puppets. */
  call(index: number, method: string, ...args: unknown[]): Promise<unknown>;
  kill(): Promise<void>;
}

export async function startFarm(order: FarmOrder): Promise<Farm> {
  const dir = await mkdtemp(join(tmpdir(), 'wxrc-farm-'));
  const child = fork(fileURLToPath(import.meta.url), [], {
    execArgv: ['--no-deprecation'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, WECHATY_LOG: 'silent', TMPDIR: dir },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  let calls = 0;
  const places = await new Promise<FarmPlace[]>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the farm ended')));
    child.on('message', (message: { places?: FarmPlace[]; call?: number; value?: unknown }) => {
      if (message.places !== undefined) resolve(message.places);
      if (message.call !== undefined) waiting.get(message.call)?.(message);
    });
    child.send(order);
  });
  return {
    pid: child.pid ?? 0,
    places,
    call(index, method, ...args) {
      calls += 1;
      const call = calls;
      return new Promise((resolve, reject) => {
        waiting.set(call, ({ value, error }) => {
          waiting.delete(call);
          if (error === undefined) resolve(value);
          else reject(new Error(error));
        });
        child.send({ call, index, method, args });
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function runFarm(order: FarmOrder): Promise<void> {
  process.setMaxListeners(0);
  const served: ServedPuppet[] = [];
  for (const { id, name, loggedIn, rooms = 0, ...options } of order.puppets) {
    const puppet = new SimPuppet({ account: { id, name: name ?? id } });
    if (loggedIn) puppet.keepLogin();
    for (let index = 0; index < rooms; index += 1) puppet.addRoom(`群 ${index}`, ['张三', '李四']);
    const one = new ServedPuppet(puppet, options);
    await one.up();
    served.push(one);
  }
  process.on(
    'message',
    async ({
      call,
      index,
      method,
      args,
    }: {
      call: number;
      index: number;
      method: string;
      args: unknown[];
    }) => {
      try {
        const puppet = served[index]?.puppet;
        const value = await Reflect.get(Object(puppet), method).apply(puppet, args);
        process.send?.({ call, value });
      } catch (error) {
        process.send?.({ call, error: String(error) });
      }
    },
  );
  process.send?.({ places: served.map(({ port, token }) => ({ port, token })) });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (order: FarmOrder) => void runFarm(order));
  process.once('disconnect', () => process.exit(0));
}
