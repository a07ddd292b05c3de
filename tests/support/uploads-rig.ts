import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Router from '@koa/router';
import { createApp } from '../../api/app.ts';
import { Uploads } from '../../api/files/uploads.ts';
import { imbotErrors } from '../../api/imbot/envelope.ts';
import { mountUploads } from '../../api/imbot/uploads.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { Files } from '../../bot/files.ts';
import type { PictureLibrary } from '../../bot/picture-library.ts';
import { Thumbnails } from '../../bot/thumbnails.ts';
import { createLogger } from '../../config/logger.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

export interface Answer {
  status: number;
  json: Record<string, unknown>;
}

export interface UploadsRig {
  base: string;
  files: Files;
  db: SqliteDatabase;
  uploads: Uploads;
  /** What the log says. */
  lines: string[];
  /** Files below the data directory's `files`, by name; drafts end in `.tmp`. */
  onDisk(): string[];
  /** Those of them that are not complete. */
  drafts(): string[];
  post(path: string, body: FormData | Uint8Array | string, type?: string): Promise<Answer>;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Response>;
  /** A connection that says exactly this. */
  raw(text: string | Buffer): Promise<Socket>;
  close(): Promise<void>;
}

export interface RigOptions {
  most?: number;
  stallMs?: number;
  /** Of pictures, sounds and films. */
  maxBytes?: number;
  library?: () => Promise<PictureLibrary | undefined>;
}

/** Uploads of IMBOT on a real listener. */
export async function uploadsRig(options: RigOptions = {}): Promise<UploadsRig> {
  const { most = 32, stallMs = 30_000, maxBytes = 100_000, library } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-uploads-'));
  const db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  await migrate(db, { now: 0 });
  const files = new Files({ dataDir, store: new FileStore(db), clock: new VirtualClock() });
  await files.start();
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => lines.push(line) });
  const uploads = new Uploads({ files, logger, most, stallMs });
  const thumbnails = new Thumbnails({ files, logger, ...(library && { load: library }) });
  const limits = { imageBytes: maxBytes, audioBytes: maxBytes, videoBytes: maxBytes };
  const router = new Router();
  router.use(imbotErrors(logger, 'en'));
  mountUploads(router, '/api/imbot', { files, uploads, thumbnails, limits });
  const app = createApp({ routers: [router], logger, language: 'en' });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/api/imbot`;
  const onDisk = (): string[] => {
    const folder = join(dataDir, 'files');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  };
  return {
    base,
    files,
    db,
    uploads,
    lines,
    onDisk,
    drafts: () => onDisk().filter((name) => name.endsWith('.tmp')),
    post: async (path, body, type) => {
      const sent = typeof body === 'string' || body instanceof FormData ? body : Buffer.from(body);
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const response = await fetch(`${base}${path}`, { method: 'POST', body: sent, headers });
      return {
        status: response.status,
        json: (await response.json()) as Record<string, unknown>,
      };
    },
    get: (path, headers = {}, method = 'GET') => fetch(`${base}${path}`, { headers, method }),
    raw: async (text) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await db.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A form with one file in it. */
export function formOf(field: string, content: Uint8Array, name = 'x.bin'): FormData {
  const form = new FormData();
  form.set(field, new Blob([Buffer.from(content)], { type: 'text/html' }), name);
  return form;
}

/** Where the file of a form begins, as it goes over the wire. */
export function partOf(field: string): string {
  return `--b\r\nContent-Disposition: form-data; name="${field}"; filename="x"\r\n\r\n`;
}

/** The body of a form with one file, as it goes over the wire. */
export function bodyOf(field: string, content: Uint8Array, end = '\r\n--b--\r\n'): Buffer {
  return Buffer.concat([Buffer.from(partOf(field)), content, Buffer.from(end)]);
}

/** What stands before the body of a picture. */
export function headOf(...headers: string[]): string {
  const type = 'Content-Type: multipart/form-data; boundary=b';
  return ['POST /api/imbot/image HTTP/1.1', 'Host: x', type, ...headers, '', ''].join('\r\n');
}

/** What a socket says until it ends, however it ends. */
export function saidBy(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  return new Promise((resolve) => socket.once('close', () => resolve(text)));
}
