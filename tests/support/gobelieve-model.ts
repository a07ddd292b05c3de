import { expect } from 'vitest';
import type { GobelieveClient } from './gobelieve-client.ts';
import { command } from './gobelieve-frames.ts';
import type { GobelieveScene } from './gobelieve-scene.ts';

/** One thing that happens; whom it concerns is taken modulo what there is. */
export interface Step {
  what: (typeof steps)[number];
  device: number;
  user: number;
  group: number;
  /** How many at once, or after how many the line breaks. */
  count: number;
  /** Whether the next step begins before this one is done. */
  loose: boolean;
}

export const steps = [
  'connect',
  'disconnect',
  'breakInSync',
  'sync',
  'say',
  'sayOverRest',
  'sayAsSystem',
  'sayInGroup',
  'sayInGroupOverRest',
  'found',
  'foundSuper',
  'join',
  'leave',
  'upgrade',
  'disband',
] as const;

const changes: readonly Step['what'][] = ['join', 'leave', 'upgrade', 'disband'];

export interface ModelUser {
  uid: number;
  devices: GobelieveClient[];
  /** What has to be in the inbox. */
  said: string[];
}

export interface ModelGroup {
  gid: number;
  isSuper: boolean;
  isOver: boolean;
  members: Set<ModelUser>;
  /** What has to be in the inbox of a super group. */
  said: string[];
  /** From where to where in it a user was a member; open at the end while it is one. */
  windows: Map<ModelUser, { from: number; to?: number }[]>;
}

/**
 * Users, groups and inboxes as simple as they can be: a list of what has to be in each. A group
 * changes when what was begun before is done, so that it is known who was a member then.
 */
export class Model {
  readonly users: readonly ModelUser[];
  readonly groups: ModelGroup[] = [];
  /** Said on a connection that broke before the answer: stored or not. */
  readonly perhaps = new Set<string>();
  readonly #scene: GobelieveScene;
  readonly #devices: { client: GobelieveClient; self: ModelUser; name: string }[];
  readonly #turns = new Map<GobelieveClient, Promise<void>>();
  readonly #loose: Promise<void>[] = [];
  #count = 0;

  private constructor(scene: GobelieveScene, users: ModelUser[]) {
    this.#scene = scene;
    this.users = users;
    this.#devices = users.flatMap((self) =>
      self.devices.map((client, at) => ({ client, self, name: `${self.uid}/${at}` })),
    );
  }

  /** Every device has been there once, so that its key tells all about what it has. */
  static async start(scene: GobelieveScene): Promise<Model> {
    const kinds = [
      [{ deviceId: 'phone' }, { address: scene.ws, platform: 3, version: 1 }],
      [{ address: scene.tcp, version: 1 }],
      [{ address: scene.ws, version: 2 }],
      [{ address: scene.tcp, version: 0 }],
    ] as const;
    const users = await Promise.all(
      kinds.map(async (kind) => {
        const uid = scene.uid();
        const devices = await Promise.all(kind.map((options) => scene.online(uid, options)));
        await scene.rest('POST', '/messages/systems', { receiver: uid, content: '开头' });
        for (const client of devices) await client.holds(1);
        return { uid, devices, said: ['开头'] };
      }),
    );
    return new Model(scene, users);
  }

  async run(step: Step): Promise<void> {
    const done = this.#do(step);
    if (step.loose && !changes.includes(step.what)) this.#loose.push(done);
    else await done;
  }

  /** What was begun is done, and everybody is there. */
  async end(): Promise<void> {
    await this.#settle();
    for (const { client } of this.#devices) client.loseAfter(Number.POSITIVE_INFINITY);
    await Promise.all(this.#devices.map(({ client }) => connect(client)));
  }

  #do(step: Step): Promise<void> {
    const { client, self, name } = at(this.#devices, step.device);
    const user = at(this.users, step.user);
    switch (step.what) {
      case 'connect':
        return this.#inTurn(client, () => connect(client));
      case 'disconnect':
        return this.#inTurn(client, () => client.disconnect());
      case 'breakInSync':
        return this.#inTurn(client, () => this.#breakInSync(client, step.count));
      case 'sync':
        if (client.isConnected) client.inbox.forget(step.count);
        return Promise.resolve();
      case 'say': {
        const into = new Set([self, user]);
        const texts = this.#make(step.count, name);
        return this.#utter(client, command.peer, user.uid, texts, (text) => {
          for (const one of into) one.said.push(text);
        });
      }
      case 'sayOverRest':
        return this.#sayOverRest(self, user);
      case 'sayAsSystem':
        return this.#sayOverRest(undefined, user);
      case 'found':
        return this.#found(new Set([user, self]), false);
      case 'foundSuper':
        return this.#found(new Set([user, self]), true);
      default:
        if (this.groups.length === 0) return Promise.resolve();
        return this.#inGroup(step, at(this.groups, step.group));
    }
  }

  #inGroup(step: Step, group: ModelGroup): Promise<void> {
    const { client, self, name } = at(this.#devices, step.device);
    const user = at(this.users, step.user);
    switch (step.what) {
      case 'sayInGroup': {
        const isMember = group.members.has(self);
        const texts = this.#make(step.count, name);
        const refused = group.isOver ? 65 : 64;
        return this.#utter(client, command.group, group.gid, texts, (text, status) => {
          if (status !== undefined) expect(status).toBe(isMember ? 0 : refused);
          if (isMember) this.#put(group, text);
        });
      }
      case 'sayInGroupOverRest':
        return this.#sayInGroupOverRest(self, group);
      default:
        return this.#change(step, user, group);
    }
  }

  async #change({ what }: Step, user: ModelUser, group: ModelGroup): Promise<void> {
    await this.#settle();
    const { gid, members, windows } = group;
    if (group.isOver) return;
    if (what === 'join') {
      // Joining is told apart from what was said before by the millisecond.
      await new Promise((resolve) => setTimeout(resolve, 3));
      await this.#scene.rest('POST', `/groups/${gid}/members`, { members: [user.uid] });
      if (!members.has(user)) this.#enter(group, user);
      members.add(user);
      this.#put(group, `add_member ${gid} ${user.uid}`);
    } else if (what === 'leave') {
      if (!members.has(user)) return;
      await this.#scene.rest('DELETE', `/groups/${gid}/members/${user.uid}`);
      members.delete(user);
      const window = windows.get(user)?.at(-1);
      if (window !== undefined) window.to = group.said.length;
      this.#put(group, `quit_group ${gid} ${user.uid}`);
      user.said.push(`quit_group ${gid} ${user.uid}`);
    } else if (what === 'upgrade') {
      await this.#scene.rest('POST', `/groups/${gid}/upgrade`);
      if (!group.isSuper) {
        group.isSuper = true;
        for (const one of members) this.#enter(group, one);
      }
      this.#put(group, `upgrade ${gid}`);
    } else {
      await this.#scene.rest('DELETE', `/groups/${gid}`);
      for (const one of members) one.said.push(`disband ${gid}`);
      group.isOver = true;
      members.clear();
    }
  }

  /** A user sees what comes into a super group from now on; its devices know of the group. */
  #enter(group: ModelGroup, user: ModelUser): void {
    if (!group.isSuper) return;
    const windows = group.windows.get(user) ?? [];
    group.windows.set(user, [...windows, { from: group.said.length }]);
    for (const device of user.devices) {
      if (device.groups.has(group.gid)) continue;
      const line = device.follow(group.gid);
      if (device.isConnected && !line.isSyncing) line.start();
    }
  }

  #put(group: ModelGroup, text: string): void {
    if (group.isSuper) group.said.push(text);
    else for (const member of group.members) member.said.push(text);
  }

  /** A device makes one connection at a time. */
  #inTurn(client: GobelieveClient, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(client) ?? Promise.resolve()).then(work);
    this.#turns.set(client, turn);
    return turn;
  }

  async #breakInSync(client: GobelieveClient, after: number): Promise<void> {
    await client.disconnect();
    client.loseAfter(after);
    await connect(client);
  }

  /** Over a connection that may break at any time. */
  async #utter(
    from: GobelieveClient,
    number: number,
    receiver: number,
    texts: readonly string[],
    stored: (text: string, status: number | undefined) => void,
  ): Promise<void> {
    if (!from.isConnected) return;
    const waiting = texts.map(async (text) => {
      this.perhaps.add(text);
      const ack = await from.acked(from.utter(number, { receiver, text })).catch(() => undefined);
      if (ack === undefined) return;
      this.perhaps.delete(text);
      stored(text, ack.status);
    });
    await Promise.all(waiting);
  }

  async #sayOverRest(self: ModelUser | undefined, to: ModelUser): Promise<void> {
    const [content = ''] = this.#make(1, 'rest');
    const said = { receiver: to.uid, content };
    if (self === undefined) await this.#scene.rest('POST', '/messages/systems', said);
    else await this.#scene.rest('POST', '/messages/peers', { ...said, sender: self.uid });
    for (const user of new Set([self ?? to, to])) user.said.push(content);
  }

  async #sayInGroupOverRest(self: ModelUser, group: ModelGroup): Promise<void> {
    if (group.isOver) return;
    const [content = ''] = this.#make(1, 'rest');
    const said = { sender: self.uid, receiver: group.gid, content };
    await this.#scene.rest('POST', '/messages/groups', said);
    this.#put(group, content);
  }

  async #found(members: Set<ModelUser>, isSuper: boolean): Promise<void> {
    const gid = await this.#scene.group(
      [...members].map(({ uid }) => uid),
      isSuper,
    );
    const group = { gid, isSuper, isOver: false, members, said: [], windows: new Map() };
    for (const member of members) this.#enter(group, member);
    this.#put(group, `create ${gid}`);
    this.groups.push(group);
  }

  async #settle(): Promise<void> {
    while (this.#loose.length > 0) await Promise.all(this.#loose.splice(0));
  }

  #make(count: number, by: string): string[] {
    return Array.from({ length: count }, () => {
      this.#count += 1;
      return `${by} ${this.#count}`;
    });
  }
}

async function connect(client: GobelieveClient): Promise<void> {
  // Another step may end it meanwhile; what the server did wrong is found at the end.
  if (!client.isConnected) await client.connect().catch(() => {});
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index % list.length];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}
