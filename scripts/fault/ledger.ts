import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Promised } from './business.ts';

/** What simulated WeChat saw: message ids per text, over all lives of the daemon. */
export class Seen {
  readonly byText = new Map<string, Set<string>>();

  /** Reads the journals of a daemon that is dead. */
  read(dataDir: string, botcodes: readonly string[]): void {
    for (const botcode of botcodes) {
      const lines = readFileSync(join(dataDir, 'simulator', `${botcode}.jsonl`), 'utf8').split(
        '\n',
      );
      for (const line of lines) {
        // The last line may be torn: WeChat did not see what it did not finish writing.
        if (!line.startsWith('{"t":"message"') || !line.endsWith('}')) continue;
        const { id, text } = JSON.parse(line) as { id: string; text?: string };
        if (text === undefined) continue;
        this.byText.set(text, (this.byText.get(text) ?? new Set()).add(id));
      }
    }
  }
}

/** Receives the channel's events; can be told to kill the sender before it answers. */
export class Sink {
  readonly events = new Map<number, string>();
  readonly broken: string[] = [];
  /** Newest event id per bot, for the order. */
  readonly #newest = new Map<string, number>();
  readonly #server: Server;
  onPost: (() => boolean) | undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.onPost?.() === true) return;
        this.#note(Buffer.concat(chunks).toString());
        response.end('{"result":"success"}');
      });
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #note(body: string): void {
    const text = new URLSearchParams(body).get('reqBody') ?? '';
    const { eventId, botcode } = JSON.parse(text) as { eventId: number; botcode: string };
    const before = this.events.get(eventId);
    if (before !== undefined && before !== text) {
      this.broken.push(`event ${eventId} changed: ${before} then ${text}`);
    }
    const newest = this.#newest.get(botcode) ?? 0;
    if (before === undefined && eventId < newest) {
      this.broken.push(`event ${eventId} of ${botcode} came after ${newest}`);
    }
    this.#newest.set(botcode, Math.max(newest, eventId));
    this.events.set(eventId, text);
  }
}

interface SendRow {
  msgid: number;
  txcode: string;
  state: string;
}

const final = new Set(['sent', 'absent', 'failed', 'expired', 'cancelled']);

/** Compares what was promised with the database and with what WeChat saw. */
export function audit(
  dataDir: string,
  promised: ReadonlyMap<string, Promised>,
  seen: Seen,
): { broken: string[]; states: Record<string, number> } {
  const broken: string[] = [];
  const states: Record<string, number> = {};
  const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
  try {
    const rows = db.prepare<[], SendRow>('SELECT msgid, txcode, state FROM sends').all();
    const byTxcode = new Map<string, SendRow[]>();
    for (const row of rows) {
      states[row.state] = (states[row.state] ?? 0) + 1;
      byTxcode.set(row.txcode, [...(byTxcode.get(row.txcode) ?? []), row]);
    }
    const told = new Set(
      db
        .prepare<[], { msgid: number }>(`SELECT msgid FROM events WHERE type = 'sendStatus'`)
        .all()
        .map((row) => row.msgid),
    );
    for (const { txcode, msgid, text } of promised.values()) {
      const own = byTxcode.get(txcode) ?? [];
      if (own.length !== 1 || own[0]?.msgid !== msgid) {
        broken.push(`${txcode}: promised msgid ${msgid}, rows ${JSON.stringify(own)}`);
      }
      const copies = seen.byText.get(text)?.size ?? 0;
      if (copies > 1) broken.push(`${txcode}: WeChat saw it ${copies} times`);
      if (own[0]?.state === 'sent' && copies === 0) {
        broken.push(`${txcode}: called sent, WeChat never saw it`);
      }
    }
    for (const row of rows) {
      if (final.has(row.state) && !told.has(row.msgid)) {
        broken.push(`${row.txcode}: ${row.state} without an event`);
      }
    }
  } finally {
    db.close();
  }
  return { broken, states };
}
