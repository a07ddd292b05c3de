import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { Vault } from '../../../../config/secrets.ts';
import { BoundedLog } from './bounded-log.ts';
import { freePort } from './free-port.ts';
import { HostCard } from './host-card.ts';
import { type HostAnswer, type HostOrder, hostOrderSchema } from './host-protocol.ts';
import { birthOf, writePrivateFile } from './host-record.ts';
import { PuppetReports } from './puppet-reports.ts';
import { secretsIn } from './puppet-settings.ts';
import { redactor } from './redact.ts';

/*
 * Program of a puppet host: one local puppet behind a gRPC server on loopback, in a process of its
 * own that outlives the daemon. It is ended by its pid; it ends itself when its puppet cannot start.
 */

/** A puppet that has not started by then never will. */
const startMs = 60_000;
const fileMs = 600_000;

process.once('message', (message) => {
  host(hostOrderSchema.parse(message)).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    answer({ type: 'failed', reason }, () => process.exit(1));
  });
});

async function host(order: HostOrder): Promise<void> {
  process.umask(0o077);
  const redact = redactor([order.token, order.cardKey, ...secretsIn(order.options)]);
  const log = new BoundedLog(order.logFile, redact);
  guard(log);
  try {
    await serve(order, log);
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : format(error));
    log.write('error', `the puppet could not start: ${format(error)}`);
    throw new Error(reason.split('\n', 1)[0]);
  }
}

async function serve(order: HostOrder, log: BoundedLog): Promise<void> {
  const { log: puppetLog } = await import('wechaty-puppet');
  puppetLog.level('warn');
  const { PuppetServer } = await import('wechaty-puppet-service');
  const { UniformResourceNameRegistry } = await import('file-box');
  const puppet = await createPuppet(order);
  const reports = new PuppetReports({
    now: () => Date.now(),
    redact: (text) => text,
    write: (reason, times) => log.write('warn', `puppet error (${times}): ${reason}`),
  });
  puppet.on('error', (payload) => reports.note(payload));
  const port = await freePort();
  const server = new PuppetServer({
    endpoint: `127.0.0.1:${port}`,
    token: order.token,
    puppet: guarded(puppet, order, log),
    // The port is loopback's, and the token is nobody else's.
    tls: { disable: true },
  });
  // What is uploaded to be sent would lie for weeks in the temporary folder, readable by anybody.
  const files = join(process.cwd(), 'files');
  rmSync(files, { recursive: true, force: true });
  const urnRegistry = new UniformResourceNameRegistry({
    storeDir: files,
    expireMilliseconds: fileMs,
  });
  urnRegistry.init();
  Object.assign(server, { urnRegistry });
  await server.start();
  writePrivateFile(
    order.recordFile,
    JSON.stringify({
      botcode: order.botcode,
      pid: process.pid,
      birth: birthOf(process.pid),
      port,
      sealed: order.sealed,
      settingsDigest: order.settingsDigest,
      startedAt: Date.now(),
    }),
  );
  await start(puppet);
  log.write('info', `puppet ${puppet.name()} is served, pid ${process.pid}`);
  answer({ type: 'ready', port }, () => process.disconnect?.());
}

/** Fails before the library cleans up after a failed start: by a stop, which wipes the card. */
async function start(puppet: Puppet): Promise<void> {
  const failed = Promise.withResolvers<never>();
  const begin = puppet.onStart.bind(puppet);
  puppet.onStart = async () => {
    try {
      await begin();
    } catch (error) {
      failed.reject(error);
      await new Promise<never>(() => {});
    }
  };
  const timer = setTimeout(
    () => failed.reject(new Error(`the puppet did not start within ${startMs / 1000} s`)),
    startMs,
  );
  await Promise.race([puppet.start(), failed.promise]);
  clearTimeout(timer);
}

type Puppet = InstanceType<typeof import('wechaty-puppet').Puppet>;

async function createPuppet(order: HostOrder): Promise<Puppet> {
  const Class = puppetClassOf(await load(order.module));
  const puppet = new Class({ timeoutSeconds: 3600, ...order.options });
  const vault = new Vault(Buffer.from(order.cardKey, 'base64'));
  const card = new HostCard({ name: order.botcode });
  card.bind(order.card, (text) => writePrivateFile(order.cardFile, vault.seal(text)));
  await card.load();
  puppet.setMemory(card);
  // Its watchdog would stop it, and with that log the account out.
  if (order.stopLogsOut) puppet.reset = async () => {};
  return puppet;
}

async function load(module: string): Promise<unknown> {
  if (module.startsWith('file:')) return import(module);
  if (isAbsolute(module)) return import(pathToFileURL(module).href);
  return import(createRequire(import.meta.url).resolve(module)).catch(() => import(module));
}

/** Puppet packages export their class as default, some of them twice wrapped, or by name. */
function puppetClassOf(module: unknown): new (options: object) => Puppet {
  const exported = Object(module);
  const candidates = [exported.default?.default, exported.default, ...Object.values(exported)];
  for (const one of candidates) {
    if (typeof one === 'function' && typeof one.prototype?.messageSendText === 'function') {
      return one;
    }
  }
  throw new Error('the module exports no puppet class');
}

/**
 * The puppet as its server's clients see it: a client that comes or goes neither starts nor stops
 * it. Where only a stop logs the account out, a log-out is one.
 */
function guarded(puppet: Puppet, order: HostOrder, log: BoundedLog): Puppet {
  const instead: Record<string, () => Promise<void>> = {
    start: async () => {},
    stop: async () => {},
    logout: async () => {
      log.write('info', 'logging out');
      await puppet.logout('logout()');
      if (order.stopLogsOut) await puppet.stop();
    },
  };
  return new Proxy(puppet, {
    get(target, name) {
      const ours = typeof name === 'string' ? instead[name] : undefined;
      if (ours !== undefined) return ours;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Puppet libraries print, throw late and forget promises: all of it goes to the log. */
function guard(log: BoundedLog): void {
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    console[level] = (...args: unknown[]) => log.write(level, format(...args));
  }
  process.on('unhandledRejection', (error) => log.write('error', `unhandled: ${format(error)}`));
  process.on('uncaughtException', (error) => {
    log.write('error', `uncaught: ${format(error)}`);
    process.exit(1);
  });
  // Ended, never stopped: a stop would log some accounts out.
  process.on('SIGTERM', () => process.exit(0));
}

/** To the daemon that started us, if it still lives. */
function answer(message: HostAnswer, then: () => void): void {
  if (process.send === undefined || !process.connected) then();
  else process.send(message, undefined, undefined, () => then());
}
