import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../api/app.ts';
import { Uploads } from '../../api/files/uploads.ts';
import { createGobelieveClientRouter } from '../../api/gobelieve/client-router.ts';
import { createGobelieveRouter } from '../../api/gobelieve/router.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { Files } from '../../bot/files.ts';
import { createIm, type Im } from '../../bot/im/im.ts';
import type { Session } from '../../bot/im/session.ts';
import { Thumbnails } from '../../bot/thumbnails.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at by the tests
type Json = any;

export interface Answer {
  status: number;
  json: Json;
  headers: Headers;
}

export type Credential = string | undefined;

/** The REST edge of instant messaging on a database of its own, behind a real listener. */
export interface GobelieveRest {
  im: Im;
  db: SqliteDatabase;
  clock: VirtualClock;
  url: string;
  /** Lines of the log, warnings and worse. */
  lines: string[];
  /** A string or bytes go as they are, anything else as JSON. */
  call(method: string, path: string, body?: unknown, credential?: Credential): Promise<Answer>;
  close(): Promise<void>;
}

/** `Authorization` of an application's server. */
export function basic(appid: number | string, secret: string): string {
  const md5 = createHash('md5').update(secret).digest('hex');
  return `Basic ${Buffer.from(`${appid}:${md5}`).toString('base64')}`;
}

export const server7 = basic(7, 'secret');
export const server8 = basic(8, '另一个');

export async function gobelieveRest(): Promise<GobelieveRest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-gobelieve-'));
  const db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  const clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  const lines: string[] = [];
  const logger = createLogger('warn', { write: (line: string) => lines.push(line) });
  const im = createIm({ db, vault: openVault(dataDir), clock, logger });
  await im.start([
    { appid: 7, secret: 'secret' },
    { appid: 8, secret: '另一个' },
  ]);
  const files = new Files({ dataDir, store: new FileStore(db), clock });
  const routers = [
    createGobelieveRouter({ im, clock, logger }),
    createGobelieveClientRouter({
      im,
      files,
      uploads: new Uploads({ files }),
      thumbnails: new Thumbnails({ files, logger }),
      logger,
      publicUrl: () => 'http://wxrc.test',
    }),
  ];
  const http = createServer(createApp({ routers, logger, language: 'zh' }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    im,
    db,
    clock,
    url,
    lines,
    call: async (method, path, body, credential = server7) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: credential === '' ? {} : { authorization: credential },
        ...(body !== undefined && { body: bytesOf(body) }),
      });
      const text = await response.text();
      const json: Json = JSON.parse(text);
      return { status: response.status, json, headers: response.headers };
    },
    close: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
      await im.stop();
      await db.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A new user of application 7. */
export async function userOf(rest: GobelieveRest, uid: number, name?: string): Promise<string> {
  const grant = { appid: 7, uid, ...(name !== undefined && { name }) };
  return `Bearer ${await rest.im.users.grant(grant)}`;
}

/** A session that writes down what it is told. */
export class NotedSession implements Session {
  readonly id = 1;
  readonly appid: number;
  readonly uid: number;
  readonly device = 0;
  readonly platform: number = 3;
  readonly since = 0;
  readonly transport = 'websocket';
  readonly address = '127.0.0.1';
  readonly heard: unknown[] = [];

  constructor(appid: number, uid: number) {
    this.appid = appid;
    this.uid = uid;
  }

  inbox(placed: Parameters<Session['inbox']>[0], push: boolean): void {
    this.heard.push(['inbox', placed.seq, push]);
  }

  group(gid: number, placed: Parameters<Session['group']>[1], push: boolean): void {
    this.heard.push(['group', gid, placed.seq, push]);
  }

  chatRoom(sender: number, room: number, content: Buffer): void {
    this.heard.push(['chatRoom', sender, room, content.toString()]);
  }

  realtime(): void {}

  notification(content: Buffer): void {
    this.heard.push(['notification', content.toString()]);
  }

  flush(): void {}

  close(reason: string): void {
    this.heard.push(['close', reason]);
  }
}

function bytesOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}
