import type { WireCore } from '../../api/gobelieve/wire/wire.ts';
import { LiveGroup } from '../../bot/im/group.ts';
import { Hub } from '../../bot/im/hub.ts';
import type { Message, Placed } from '../../bot/im/message.ts';
import type { Said, Say } from '../../bot/im/sending.ts';
import type { Session } from '../../bot/im/session.ts';

export interface Asked {
  say: Say;
  done: Said;
}

/** A core in which the test decides when and how each call is answered. */
export class ScriptedIm implements WireCore {
  readonly hub = new Hub();
  /** By token. */
  readonly tokens = new Map([
    ['t'.repeat(30), { appid: 7, uid: 1 }],
    ['s'.repeat(30), { appid: 7, uid: 2 }],
    ['0'.repeat(30), { appid: 7, uid: 0 }],
  ]);
  /** What was said and waits for the disk. */
  readonly said: Asked[] = [];
  readonly raised: [gid: number, seq: number][] = [];
  readonly inbox: Placed[] = [];
  readonly groupInbox: Placed[] = [];
  readonly live = new Map<number, LiveGroup>();
  cursor = 0;
  forbidden = false;
  /** Awaited before each answer of the named call. */
  readonly gates = new Map<string, Promise<void>>();
  readonly calls: string[] = [];

  readonly users: WireCore['users'] = {
    authenticate: async (token) => {
      await this.#gate('authenticate');
      const user = this.tokens.get(token);
      if (user === undefined) return undefined;
      return { ...user, name: '', avatar: '', forbidden: false, mute: false, createdAt: 0 };
    },
  };
  readonly devices: WireCore['devices'] = {
    of: async (platform, deviceId) => {
      await this.#gate('device');
      return platform * 1000 + deviceId.length;
    },
  };
  readonly sender: WireCore['sender'] = {
    peer: (say, done) => void this.said.push({ say, done }),
    group: (say, done) => void this.said.push({ say, done }),
    customer: (say, done) => void this.said.push({ say, done }),
    chatRoom: (say, done) => {
      const inside = this.hub.inRoom(say.appid, say.receiver);
      if (say.session === undefined || !inside.has(say.session))
        done(undefined, 'notMember', undefined);
      else if (this.forbidden) done(undefined, 'gagged', undefined);
      else {
        for (const one of inside) {
          if (one !== say.session) one.chatRoom(say.sender, say.receiver, say.content);
        }
        done(undefined, 'sent', undefined);
      }
    },
    realtime: ({ appid, sender, receiver, content }) => {
      for (const one of this.hub.of(appid, receiver)) one.realtime(sender, receiver, content);
    },
  };
  readonly log: WireCore['log'] = {
    read: async (_user, after, limit) => {
      await this.#gate('read');
      return this.inbox.filter((one) => one.seq > after).slice(0, limit);
    },
    readGroup: async (_gid, after, limit) => {
      await this.#gate('read');
      const rows = this.groupInbox.filter((one) => one.seq > after);
      return rows.slice(0, limit);
    },
    last: async () => this.inbox.at(-1)?.seq ?? 0,
    lastOfGroup: async () => this.groupInbox.at(-1)?.seq ?? 0,
    drain: async () => {
      for (const one of this.said.splice(0)) this.store(one, 1);
    },
  };
  readonly cursors: WireCore['cursors'] = {
    get: async () => this.cursor,
    getWithin: async () => this.cursor,
    raiseGroup: (_user, gid, seq) => void this.raised.push([gid, seq]),
    confirm: async (_user, gid, seq) => void this.raised.push([gid, seq]),
  };
  readonly groups: WireCore['groups'] = {
    peek: () => undefined,
    get: async (gid) => this.live.get(gid),
    superOf: async () => [],
  };
  readonly apps: WireCore['apps'] = {
    get: (appid) => ({
      appid,
      name: '',
      storeId: appid === 7 ? 40 : undefined,
      firstKey: 0,
      source: 'admin',
    }),
  };
  readonly desks: WireCore['desks'] = {
    get: async (storeId) => (storeId === 40 ? desk : undefined),
    list: async () => [desk],
    sellers: async (storeId) => [{ storeId, uid: 9, name: '', avatar: '', status: 'online' }],
    supporter: async () => undefined,
  };
  readonly customers: WireCore['customers'] = {
    includes: async () => false,
    mayWriteTo: async () => false,
  };
  /** Customers whom another one answers. */
  readonly others = new Set<number>();
  readonly overhearing: WireCore['overhearing'] = {
    mayAnswer: async (_seller, { uid }) => !this.others.has(uid),
  };

  /** From now on the call waits; the function lets it go on. */
  hold(name: string): () => void {
    let open: () => void = () => {};
    this.gates.set(
      name,
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    return () => {
      this.gates.delete(name);
      open();
    };
  }

  /** It is on disk, in that place of the sender's inbox. */
  store({ say, done }: Asked, own: number, groupSeq?: number): void {
    const message = messageOf({ sender: say.sender, receiver: say.receiver, content: say.content });
    done(undefined, 'sent', { message, seqs: [own], groupSeq }, own);
  }

  /** Puts messages into the inbox and tells nobody. */
  fill(count: number, fields: Partial<Message> = {}): void {
    for (let left = count; left > 0; left -= 1) {
      const seq = (this.inbox.at(-1)?.seq ?? 0) + 1;
      this.inbox.push({ seq, message: messageOf({ clientId: seq, ...fields }) });
    }
  }

  addGroup(gid: number, options: { joinedSeq?: number; members?: number[] } = {}): void {
    const { joinedSeq = 0, members = [1] } = options;
    this.live.set(
      gid,
      new LiveGroup(
        { gid, appid: 7, master: 1, super: true, name: '', notice: '', createdAt: 0 },
        members.map((uid) => ({
          ...{ uid, name: '', avatar: '', nickname: '', mute: false },
          ...{ joinedAt: 0, joinedSeq },
        })),
      ),
    );
  }

  sessionsOf(uid: number): readonly Session[] {
    return this.hub.of(7, uid);
  }

  async #gate(name: string): Promise<void> {
    this.calls.push(name);
    await this.gates.get(name);
  }
}

const desk = { storeId: 40, appid: 8, name: '', createdAt: 0 };

/** From 2 to 1, "hi", in second 1000. */
export function messageOf(fields: Partial<Message> = {}): Message {
  return {
    id: 1,
    appid: 7,
    kind: 'peer',
    sender: 2,
    receiver: 1,
    device: 0,
    clientId: 0,
    parties: undefined,
    content: Buffer.from('hi'),
    at: 1_000_999,
    ...fields,
  };
}
