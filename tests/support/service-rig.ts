import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../bot/clock.ts';
import type { Content } from '../../bot/im/content.ts';
import { contentOf } from '../../bot/im/content-of.ts';
import type { CustomerDoor, CustomerRef, PairPort, Talk } from '../../bot/im/conversation.ts';
import { createIm, type Im } from '../../bot/im/im.ts';
import type { Message, Placed, User } from '../../bot/im/message.ts';
import type { Outcome } from '../../bot/im/message-log.ts';
import type { Session } from '../../bot/im/session.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { StatementLog } from './statement-log.ts';

export const text = (words: string): Content => ({ type: 'text', text: words });
export const wechat = (contact: string, more: Partial<CustomerRef> = {}): CustomerRef => ({
  ...{ via: 'wechat', account: 'wx1', contact, ...more },
});
export const imbot = (contact: string): CustomerRef => ({ via: 'imbot', account: '', contact });

/** A queue of the mini-program IM: who wrote to whom, and what. */
export interface Queued {
  from: string;
  to: string;
  words: string;
  /** For who was addressed to fetch; else only in the history. */
  waits: boolean;
  at: number;
}

/** What went out to WeChat. */
export interface Sent {
  openId: string;
  words: string;
  agent: string;
  messageId: number;
}

/** Customer service over a real database and message log; queues and WeChat are lists. */
export class ServiceRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'wxrc-service-'));
  readonly clock = new VirtualClock(1_700_000_000_000);
  readonly sent: Sent[] = [];
  readonly queued: Queued[] = [];
  /** Set: the way to WeChat throws it. */
  doorFault: Error | undefined;
  readonly db: StatementLog;
  im: Im;
  readonly #disk: SqliteDatabase;
  #sessions = 0;

  static async open(): Promise<ServiceRig> {
    const rig = new ServiceRig();
    await migrate(rig.#disk, { now: 0 });
    await rig.im.start([
      { appid: 7, secret: 'a' },
      { appid: 8, secret: 'b' },
    ]);
    return rig;
  }

  private constructor() {
    this.#disk = new SqliteDatabase({ file: join(this.folder, 'wxrc.db') });
    this.db = new StatementLog(this.#disk);
    this.im = this.#build();
  }

  /** What a new process would know: nothing is in memory, nobody is connected. */
  async restart(): Promise<void> {
    await this.im.stop();
    this.im = this.#build();
    await this.im.start([
      { appid: 7, secret: 'a' },
      { appid: 8, secret: 'b' },
    ]);
  }

  async close(): Promise<void> {
    await this.im.stop();
    await this.#disk.close();
    rmSync(this.folder, { recursive: true });
  }

  /** A desk of application 7 with these sellers, online or not. */
  async desk(storeId: number, sellers: Record<number, 'online' | 'offline'>): Promise<void> {
    await this.im.desks.addDesk({ appid: 7, name: `desk ${storeId}`, storeId });
    for (const [uid, status] of Object.entries(sellers)) {
      await this.im.desks.putSeller({ storeId, uid: Number(uid), status });
    }
  }

  /** A socket of the official-account component; what it is told is collected. */
  async connect(
    name: string,
    duty: Session['duty'] = 'possible',
  ): Promise<{ heard: string[]; session: Session; leave: () => void }> {
    const user = await this.im.names.get(name);
    const heard: string[] = [];
    const session = this.listen(user, ({ message }) => heard.push(wordsOf(message)), duty);
    this.im.conversations.agentCameOnline(name);
    return { heard, session, leave: () => this.im.hub.remove(session) };
  }

  listen(
    { appid, uid }: User,
    heard: (placed: Placed) => void,
    duty: Session['duty'] | 'none' = 'possible',
  ): Session {
    this.#sessions += 1;
    const session: Session = {
      ...{ id: this.#sessions, appid, uid, device: 0, platform: 3, since: 0 },
      ...{ transport: 'websocket', address: '' },
      duty: duty === 'none' ? undefined : duty,
      inbox: heard,
      group: () => {},
      chatRoom: () => {},
      realtime: () => {},
      notification: () => {},
      flush: () => {},
      close: () => {},
    };
    this.im.hub.add(session);
    return session;
  }

  /** A customer says something. */
  ask(
    customer: CustomerRef,
    words: string,
    more: { storeId?: number; agent?: string } = {},
  ): Promise<Talk> {
    return this.db.transaction((tx) =>
      this.im.conversations.fromCustomer(tx, { customer, content: text(words), ...more }),
    );
  }

  /** An agent answers. */
  answer(
    agent: string,
    contact: string,
    words: string,
    except?: Session,
  ): Promise<Talk | undefined> {
    return this.db.transaction((tx) =>
      this.im.conversations.fromAgent(tx, { agent, contact, content: text(words), except }),
    );
  }

  /** Somebody says something to customer service over GoBelieve. */
  overGobelieve(from: User, to: User, words: string): Promise<Outcome> {
    const content = Buffer.from(JSON.stringify({ text: words }));
    const parties = { senderApp: from.appid, receiverApp: to.appid };
    const say = { appid: from.appid, sender: from.uid, receiver: to.uid, content };
    return new Promise((resolve, reject) => {
      const said = { ...say, kind: 'customer' as const, parties, to };
      this.im.sender.customer(said, (error, _status, outcome) => {
        if (outcome === undefined) reject(error);
        else resolve(outcome);
      });
    });
  }

  /** The words in the inbox of somebody known by a text. */
  async inbox(name: string): Promise<string[]> {
    return this.inboxOf(await this.im.names.get(name));
  }

  async inboxOf(user: User): Promise<string[]> {
    return (await this.im.log.read(user, 0, 10_000)).map(({ message }) => wordsOf(message));
  }

  /** What lies in a queue of the mini-program IM. */
  queue(from: string, to: string): string[] {
    return this.queued.filter((one) => one.from === from && one.to === to).map((one) => one.words);
  }

  /** Until nothing is handed over any more. */
  async settled(): Promise<void> {
    await this.im.conversations.handover.idle();
  }

  #build(): Im {
    const door: CustomerDoor = {
      send: async (tx, { openId, content, agent, messageId }) => {
        if (this.doorFault !== undefined) throw this.doorFault;
        const words = content.type === 'text' ? content.text : content.type;
        tx.onDurable(() => this.sent.push({ openId, words, agent, messageId }));
      },
    };
    const place =
      (waits: boolean): PairPort['placeIn'] =>
      async (tx, from, to, message, at) => {
        const sender = await this.#nameIn(tx, from.uid);
        const receiver = await this.#nameIn(tx, to.uid);
        const one = { from: sender, to: receiver, words: wordsOf(message), waits, at };
        tx.onDurable(() => this.queued.push(one));
      };
    const pairs: PairPort = { placeIn: place(true), recordIn: place(false) };
    return createIm({
      db: this.db,
      vault: openVault(this.folder),
      clock: this.clock,
      logger: createLogger('silent'),
      publicUrl: () => 'http://here',
      door: () => door,
      pairs: () => pairs,
    });
  }

  async #nameIn(tx: Parameters<PairPort['placeIn']>[0], uid: number): Promise<string> {
    return (await this.im.names.nameOfIn(tx, uid)) ?? '';
  }
}

export function wordsOf(message: Message): string {
  const content = contentOf(message);
  if (content.type === 'text') return content.text;
  if (content.type === 'unknown' && content.kind === 'system') {
    return `system: ${String(content.data['event'])} ${String(content.data['reason'])}`;
  }
  return content.type;
}
