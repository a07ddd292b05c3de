import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../scripts/fault/kill.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon;
const opened: OfficialClient[] = [];
beforeEach(async () => {
  running = await startDaemon();
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  await running.close();
});

async function open(query: string): Promise<OfficialClient> {
  const client = await OfficialClient.open(running.url, query);
  opened.push(client);
  return client;
}

/** What each user is owed, in order. */
class Truth {
  readonly ids = new Map<string, number[]>();

  owe(id: number, ...names: string[]): void {
    for (const name of names) this.ids.set(name, [...(this.ids.get(name) ?? []), id]);
  }

  of(name: string): number[] {
    return (this.ids.get(name) ?? []).sort((one, other) => one - other);
  }
}

/** Without a gap, without a repeat: a piece of what is owed. @returns where it begins */
function expectPiece(ids: readonly number[], owed: readonly number[], what: string): number {
  const from = owed.indexOf(ids[0] ?? owed[0] ?? 0);
  expect(from, what).not.toBe(-1);
  expect(ids, what).toEqual(owed.slice(from, from + ids.length));
  return from;
}

describe('pushes in the middle of a replay', () => {
  it('come after it, once, whoever else is connected', async () => {
    const truth = new Truth();
    const send = async (content: string): Promise<void> => {
      truth.owe(await pushText(running.url, 'u', content), 'u');
    };
    // Enough that reading it out takes many turns.
    const long = 'x'.repeat(2000);
    await Promise.all(Array.from({ length: 700 }, (_, at) => send(`${at} ${long}`)));
    const clients: OfficialClient[] = [];
    const pushing = (async () => {
      for (let at = 0; at < 150; at += 1) await send(`live ${at}`);
    })();
    for (let at = 0; at < 6; at += 1) {
      clients.push(await open('userid=u&ack=1'));
      await pause(5);
    }
    await pushing;
    for (const [at, client] of clients.entries()) {
      await client.gets(850);
      await client.settled();
      expect(client.ids, `client ${at}`).toEqual(truth.of('u'));
    }
  });

  it('to many among pushes to one: in the order of their numbers', async () => {
    const truth = new Truth();
    const names = ['a', 'b', 'c'];
    const clients = new Map<string, OfficialClient>();
    for (const name of names) clients.set(name, await open(`userid=${name}&ack=1`));
    const jobs: Promise<void>[] = [];
    for (let at = 0; at < 300; at += 1) {
      const name = names[at % 3] ?? '';
      const many = at % 4 === 0;
      const data = many ? { contact_ids: names } : { contact_id: name };
      const body = { data: { msg_type: 'text', msg: { content: `${at}` }, ...data } };
      jobs.push(
        push(running.url, body).then((reply) => {
          truth.owe(Number(reply.body.data.id), ...(many ? names : [name]));
        }),
      );
      if (at % 50 === 25) clients.set(`${name} ${at}`, await open(`userid=${name}&ack=1`));
    }
    await Promise.all(jobs);
    for (const [name, client] of clients) {
      const owed = truth.of(name.split(' ')[0] ?? '');
      await client.gets(owed.length);
      await client.settled();
      expect(client.ids, name).toEqual(owed);
    }
  });
});

describe('a connection that is lost in the middle', () => {
  it('costs nothing who asks for what came since', async () => {
    const truth = new Truth();
    const random = seeded(20_261_122);
    const got: number[] = [];
    const send = async (content: string): Promise<void> => {
      truth.owe(await pushText(running.url, 'u', content), 'u');
    };
    await Promise.all(Array.from({ length: 800 }, (_, at) => send(`${at}`)));
    let over = false;
    const pushing = (async () => {
      for (let at = 0; at < 400; at += 1)
        truth.owe(await pushText(running.url, 'u', `l${at}`), 'u');
      over = true;
    })();
    for (let round = 0; !over || got.length < truth.of('u').length; round += 1) {
      const last = got.at(-1) ?? 0;
      const client = await open(`userid=u&since=${last}`);
      const enough = 1 + Math.floor(random() * 90);
      await eventually(
        'some frames',
        () => client.messages.length >= enough || (over && isAll(got.length + client.ids.length)),
      );
      await client.cut();
      // What was on its way when it was cut is lost with it.
      expectPiece(client.ids, truth.of('u').slice(got.length), `round ${round}`);
      expect(client.ids[0]).toBe(truth.of('u')[got.length]);
      got.push(...client.ids);
    }
    await pushing;
    expect(got).toEqual(truth.of('u'));

    function isAll(count: number): boolean {
      return count >= truth.of('u').length;
    }
  });
});

it('whatever happens in whatever order, everybody gets everything once and in order', async () => {
  const random = seeded(7_001);
  const truth = new Truth();
  const names = ['a', 'b', 'c'];
  let over = false;
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

  const pusher = async (mark: string): Promise<void> => {
    for (let at = 0; at < 150; at += 1) {
      const to = names.filter(() => random() < 0.5);
      const many = to.length > 1;
      const one = to[0] ?? 'a';
      const data = many ? { contact_ids: to } : { contact_id: one };
      const extra = random() < 0.3 ? { id: `${mark}-${at}` } : {};
      const content = `${mark} ${at}`;
      const body = { data: { msg_type: 'text', msg: { content }, ...data, ...extra } };
      const replies = [await push(running.url, body)];
      // Whoever gave it a name may say it again.
      if ('id' in extra && random() < 0.5) replies.push(await push(running.url, body));
      const ids = new Set(replies.map((reply) => Number(reply.body.data.id)));
      expect(ids.size).toBe(1);
      truth.owe([...ids][0] ?? 0, ...(many ? to : [one]));
      if (random() < 0.1) await pause(random() * 20);
    }
  };

  /** Comes and goes, keeps the id of the last frame. */
  const wanderer = async (name: string): Promise<void> => {
    const got: number[] = [];
    for (;;) {
      const last = over;
      const client = await open(`userid=${name}&since=${got.at(-1) ?? 0}`);
      if (last) await eventually('the rest', () => isComplete(name, [...got, ...client.ids]));
      else await pause(random() * 60);
      if (random() < 0.5) await client.cut();
      else await client.close();
      got.push(...client.ids);
      if (last) break;
    }
    expect(got, name).toEqual(truth.of(name));
  };

  /** Comes and goes, confirms some of what it gets. What it got on each connection is looked at later. */
  const confirmer = async (name: string, device: string): Promise<void> => {
    const connections: { ids: number[]; acked: number }[] = [];
    for (let acked = 0; ; ) {
      const last = over;
      const client = await open(`userid=${name}&ack=1${device}`);
      const newest = (): number => truth.of(name).at(-1) ?? 0;
      const hasNewest = (): boolean => Math.max(acked, client.ids.at(-1) ?? 0) === newest();
      if (last) await eventually('the newest', hasNewest);
      else await pause(random() * 60);
      const confirmed = client.ids.length === 0 ? 0 : any(client.ids);
      if (confirmed > 0) client.ack(confirmed);
      if (random() < 0.5) await client.settled();
      await (random() < 0.5 ? client.cut() : client.close());
      connections.push({ ids: client.ids, acked });
      acked = Math.max(acked, confirmed);
      if (last) break;
    }
    const owed = truth.of(name);
    for (const { ids, acked } of connections) {
      const from = expectPiece(ids, owed, `${name}${device}`);
      // What was not confirmed comes again, whatever was lost.
      if (ids.length > 0) expect(from).toBeLessThanOrEqual(owed.filter((id) => id <= acked).length);
    }
    const all = new Set(connections.flatMap(({ ids }) => ids));
    expect([...all].sort((one, other) => one - other)).toEqual(owed);
  };

  const stays = new Map<string, OfficialClient>();
  for (const name of names) stays.set(name, await open(`userid=${name}&device_id=stays&ack=1`));
  const readers = [
    ...names.map((name) => wanderer(name)),
    ...names.map((name) => confirmer(name, '&device_id=d')),
    confirmer('a', ''),
  ];
  await Promise.all(['p', 'q', 'r'].map(pusher));
  over = true;
  await Promise.all(readers);
  for (const [name, client] of stays) {
    await client.settled();
    expect(client.ids, name).toEqual(truth.of(name));
  }

  function isComplete(name: string, ids: number[]): boolean {
    return ids.length >= truth.of(name).length;
  }
}, 60_000);
