import { ImRest } from '../bench/im-rest.ts';
import { Person } from './im-person.ts';

/** Uids that come and go in the groups; nobody is connected as one of them. */
const pool = { first: 101, last: 110 };
const users = 6;

/**
 * Users who talk, and the server of their application, which talks too and changes groups. Knows
 * what was promised to whom.
 */
export class World {
  readonly persons: Person[] = [];
  readonly broken: string[] = [];
  /** What was promised, by kind. */
  readonly promised: Record<string, number> = {};
  gid = 0;
  superGid = 0;
  life = 0;
  readonly #random: () => number;
  #counter = 0;
  /** Groups made besides, by name. */
  readonly #groups = new Map<string, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  async begin(port: number): Promise<void> {
    const rest = new ImRest(port);
    const tokens = await rest.grant(users);
    const uids = Array.from({ length: users }, (_, index) => index + 1);
    this.gid = await rest.makeGroup('normal', uids, false);
    this.superGid = await rest.makeGroup('super', uids, true);
    rest.close();
    for (const [index, token] of tokens.entries()) {
      const transport = index % 3 === 2 ? 'websocket' : 'tcp';
      this.persons.push(new Person(index + 1, token, transport, this.superGid));
    }
    // A second device of the last one.
    this.persons.push(new Person(users, tokens.at(-1) ?? '', 'tcp', this.superGid));
    for (const person of this.persons) person.onAck = (text) => this.#acked(person.uid, text);
  }

  /** They log in, fetch and talk until the daemon is gone. Not everybody is there every time. */
  live(host: string, tcpPort: number, httpPort: number, ended: Promise<void>): Promise<void> {
    this.life += 1;
    const { life } = this;
    const gone = { now: false };
    const rest = new ImRest(httpPort);
    const work = [this.#talk(rest, gone), this.#talk(rest, gone), this.#changeGroups(rest, gone)];
    for (const person of this.persons) {
      if (this.#random() < 0.15) continue;
      void person.enter({ host, tcpPort, httpPort }, life);
      // The later ones only listen.
      if (person.uid <= 4) work.push(this.#chat(person, gone));
    }
    return ended.then(async () => {
      gone.now = true;
      for (const person of this.persons) person.leave();
      rest.close();
      await Promise.all(work);
    });
  }

  /** Everybody comes and fetches what there is. */
  async gather(host: string, tcpPort: number, httpPort: number): Promise<void> {
    this.life += 1;
    const place = { host, tcpPort, httpPort };
    await Promise.all(this.persons.map((person) => person.enter(place, this.life)));
    for (const person of this.persons) {
      person.leave();
      for (const name of person.owed.keys()) this.broken.push(`${person.uid}: ${name} is missing`);
    }
  }

  async #chat(person: Person, gone: { now: boolean }): Promise<void> {
    while (!gone.now) {
      for (let count = this.#pick(1, 4); count > 0; count -= 1) {
        const where = this.#random();
        if (where < 0.6) {
          const receiver = this.#pick(1, users);
          person.say(receiver, false, `peer ${person.uid} to ${receiver} #${this.#next()}`);
        } else if (where < 0.8)
          person.say(this.gid, true, `group by ${person.uid} #${this.#next()}`);
        else person.say(this.superGid, true, `super by ${person.uid} #${this.#next()}`);
      }
      await this.#pause(6);
    }
  }

  /** The application's own messages. */
  async #talk(rest: ImRest, gone: { now: boolean }): Promise<void> {
    while (!gone.now) {
      const where = this.#random();
      const sender = this.#pick(1, users);
      const receiver = this.#pick(1, users);
      if (where < 0.4) {
        const content = `peer ${sender} to ${receiver} #${this.#next()}`;
        const body = { sender, receiver, content };
        if (await this.#post(rest, '/messages/peers', body)) this.#acked(sender, content);
      } else if (where < 0.6) {
        const content = `system to ${receiver} #${this.#next()}`;
        const body = { receiver, content };
        if (await this.#post(rest, '/messages/systems', body)) this.#acked(sender, content);
      } else {
        const into = where < 0.8 ? 'group' : 'super';
        const content = `${into} by ${sender} #${this.#next()}`;
        const body = { sender, receiver: into === 'group' ? this.gid : this.superGid, content };
        if (await this.#post(rest, '/messages/groups', body)) this.#acked(sender, content);
      }
      await this.#pause(4);
    }
  }

  /** One change after the other, so that their order is known. */
  async #changeGroups(rest: ImRest, gone: { now: boolean }): Promise<void> {
    while (!gone.now) {
      const what = this.#random();
      const gid = this.#random() < 0.5 ? this.gid : this.superGid;
      const uid = this.#pick(pool.first, pool.last);
      const name = `#${this.#next()}`;
      const path = `/groups/${gid}`;
      if (what < 0.35) {
        await this.#change(rest, 'add_member', name, 'POST', `${path}/members`, [{ uid, name }]);
      } else if (what < 0.7) {
        const body = [{ uid, name, avatar: '' }];
        await this.#change(rest, 'quit_group', name, 'DELETE', `${path}/members`, body);
      } else if (what < 0.85) {
        await this.#change(rest, 'update_name', name, 'PATCH', path, { name });
      } else await this.#makeOrDisband(rest, name);
      await this.#pause(4);
    }
  }

  async #makeOrDisband(rest: ImRest, name: string): Promise<void> {
    const [old] = this.#groups;
    if (old !== undefined && this.#random() < 0.5) {
      const [was, gid] = old;
      // Whatever comes of it, it is not done twice.
      this.#groups.delete(was);
      await this.#change(rest, 'disband', was, 'DELETE', `/groups/${gid}`);
      return;
    }
    const members = Array.from({ length: users }, (_, index) => ({ uid: index + 1, name: '' }));
    const body = { master: 1, name, members };
    const made = await this.#change(rest, 'create', name, 'POST', '/groups', body);
    const gid = (made as { group_id?: number } | undefined)?.group_id;
    if (gid !== undefined) this.#groups.set(name, gid);
  }

  async #change(
    rest: ImRest,
    kind: string,
    name: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<unknown> {
    const answer = await rest.call(method, path, body).catch(() => undefined);
    if (answer === undefined) return undefined;
    if (answer.status !== 200) this.broken.push(`${method} ${path}: ${answer.status}`);
    else this.#promise(`${kind} ${name}`, () => true);
    return answer.data;
  }

  async #post(rest: ImRest, path: string, body: unknown): Promise<boolean> {
    const answer = await rest.call('POST', path, body).catch(() => undefined);
    if (answer !== undefined && answer.status !== 200) {
      this.broken.push(`POST ${path}: ${answer.status}`);
    }
    return answer?.status === 200;
  }

  #acked(sender: number, text: string): void {
    const to = / to (\d+) /.exec(text)?.[1];
    const own = text.startsWith('peer') ? sender : undefined;
    this.#promise(text, (uid) => to === undefined || uid === Number(to) || uid === own);
  }

  #promise(name: string, whom: (uid: number) => boolean): void {
    const [kind = ''] = name.split(' ');
    this.promised[kind] = (this.promised[kind] ?? 0) + 1;
    for (const person of this.persons) if (whom(person.uid)) person.owe(name, this.life);
  }

  #next(): number {
    this.#counter += 1;
    return this.#counter;
  }

  #pick(first: number, last: number): number {
    return first + Math.floor(this.#random() * (last - first + 1));
  }

  #pause(most: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#random() * most));
  }
}
