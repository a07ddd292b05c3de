import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandStore } from '../../store/commands.ts';
import { migrate } from '../../store/migrator.ts';
import { type InsertSend, SendStore } from '../../store/sends.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { VirtualClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type Accepted, type CommandKey, Commands, type SendDesk } from './commands.ts';
import { type Claim, type NewSend, payloadText } from './sends/send-types.ts';

const text: NewSend = {
  botcode: 'bot01',
  chid: 'demo',
  txcode: 't1',
  target: { kind: 'room', id: 'r1' },
  content: { kind: 'text', text: 'hello', mentions: [] },
  expiresAt: 0,
};
const key = (extra: Partial<CommandKey> = {}): CommandKey => ({
  chid: 'demo',
  txcode: 't1',
  day: '20260102',
  dayBefore: '20260101',
  dayAfter: '20260103',
  ...extra,
});
const other: NewSend = { ...text, content: { kind: 'text', text: 'bye', mentions: [] } };
const spell = ({ msgid }: Accepted): string => `msgid ${msgid}`;

/** Queues into the real table; what preparing does is up to the test. */
class Desk implements SendDesk<NewSend> {
  preparing: (send: NewSend) => NewSend | Promise<NewSend> = (send) => send;
  readonly #store: SendStore;
  #lastMsgid = 0;

  constructor(store: SendStore) {
    this.#store = store;
  }

  prepare(send: NewSend): NewSend | Promise<NewSend> {
    return this.preparing(send);
  }

  acceptAlone(
    ...[send, claim, unless]: Parameters<SendDesk<NewSend>['acceptAlone']>
  ): Promise<string | undefined> {
    const row = () => {
      const accepted = this.#number();
      return this.#store.insertion(rowOf(send, accepted, claim), claim.spell(accepted));
    };
    return this.#store.db.insert(row, unless, () => {});
  }

  async accept(...[tx, send, claim]: Parameters<SendDesk<NewSend>['accept']>): Promise<Accepted> {
    const accepted = this.#number();
    await this.#store.insert(tx, rowOf(send, accepted, claim));
    return accepted;
  }

  #number(): Accepted {
    this.#lastMsgid += 1;
    return { msgid: this.#lastMsgid, state: 'queued', reason: undefined };
  }
}

function rowOf(send: NewSend, accepted: Accepted, claim: Claim): InsertSend {
  const { botcode, chid, txcode } = send;
  const { day, digest } = claim;
  return {
    ...{ msgid: accepted.msgid, botcode, chid, txcode, day, digest, answer: claim.spell(accepted) },
    ...{ kind: 'text', lane: 'room:r1', payload: payloadText(send), account_id: null },
    ...{ room_id: null, parts: 1, accepted_at: now(), expires_at: 0 },
  };
}

const now = (): number => clock.now();

let folder: string;
let db: SqliteDatabase;
let clock: VirtualClock;
let desk: Desk;
let commands: Commands<NewSend>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-commands-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  desk = new Desk(new SendStore(db));
  commands = new Commands({ store: new CommandStore(db), sends: desk, clock });
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

const count = async (table: 'sends'): Promise<unknown> =>
  (await db.read(`SELECT count(*) AS n FROM ${table}`))[0]?.['n'];

describe('a send', () => {
  it('gets the stored answer when it comes again', async () => {
    const first = await commands.send(key(), text, spell);
    const again = await commands.send(key(), text, () => 'another answer');
    expect([first, again]).toEqual(['msgid 1', 'msgid 1']);
    expect(await count('sends')).toBe(1);
  });

  it('is queued once however many come at the same time', async () => {
    const many = Array.from({ length: 100 }, () => commands.send(key(), text, spell));
    expect(new Set(await Promise.all(many))).toEqual(new Set(['msgid 1']));
    expect(await count('sends')).toBe(1);
  });

  it('with other content is refused, and the first stays', async () => {
    await commands.send(key(), text, spell);
    await expect(commands.send(key(), other, spell)).rejects.toMatchObject({
      code: 'duplicate_request',
    });
    expect(await commands.send(key(), text, spell)).toBe('msgid 1');
    expect(await count('sends')).toBe(1);
  });

  it('is one of a channel and number: others with the same number are others', async () => {
    await commands.send(key(), text, spell);
    const send = (more: { chid?: string; txcode?: string }): Promise<string> =>
      commands.send(key(more), { ...text, ...more }, spell);
    expect(await send({ chid: 'other' })).toBe('msgid 2');
    expect(await send({ txcode: 't2' })).toBe('msgid 3');
  });

  it('is known again across midnight, in both directions', async () => {
    await commands.send(key(), text, spell);
    await clock.advance(60_000);
    const next = key({ day: '20260103', dayBefore: '20260102', dayAfter: '20260104' });
    const before = key({ day: '20260101', dayBefore: '20251231', dayAfter: '20260102' });
    expect(await commands.send(next, text, spell)).toBe('msgid 1');
    expect(await commands.send(before, text, spell)).toBe('msgid 1');
    expect(await count('sends')).toBe(1);
  });

  it('of the next day is a new one with other content, or when hours lie between', async () => {
    await commands.send(key(), text, spell);
    const next = { day: '20260103', dayBefore: '20260102', dayAfter: '20260104' };
    expect(await commands.send(key(next), other, spell)).toBe('msgid 2');
    await clock.advance(7 * 3_600_000);
    const later = { day: '20260101', dayBefore: '20251231', dayAfter: '20260102' };
    expect(await commands.send(key(later), text, spell)).toBe('msgid 3');
  });

  it('is answered as before although it would be refused by now', async () => {
    await commands.send(key(), text, spell);
    const refusal = new AppError('field_value', { zh: '', en: 'two rooms' });
    desk.preparing = () => {
      throw refusal;
    };
    expect(await commands.send(key(), text, spell)).toBe('msgid 1');
    desk.preparing = () => Promise.reject(refusal);
    expect(await commands.send(key(), text, spell)).toBe('msgid 1');
    desk.preparing = () => new Promise(() => {});
    expect(await commands.send(key(), text, spell)).toBe('msgid 1');
    desk.preparing = () => Promise.reject(refusal);
    await expect(commands.send(key({ txcode: 't2' }), text, spell)).rejects.toBe(refusal);
    expect(await count('sends')).toBe(1);
  });
});

describe('an action', () => {
  it('is done once and answered as before', async () => {
    let done = 0;
    const act = async (): Promise<string> => {
      done += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return `done ${done}`;
    };
    const many = await Promise.all(
      Array.from({ length: 50 }, () => commands.once(key(), 'd1', act)),
    );
    expect(new Set(many)).toEqual(new Set(['done 1']));
    expect(await commands.once(key(), 'd1', act)).toBe('done 1');
    await expect(commands.once(key(), 'd2', act)).rejects.toMatchObject({
      code: 'duplicate_request',
    });
    expect(done).toBe(1);
  });

  it('is not done under a number that a message gets at the same time', async () => {
    for (let round = 0; round < 50; round += 1) {
      const one = key({ txcode: `t${round}`, dayBefore: undefined, dayAfter: undefined });
      let acted = false;
      const act = (): Promise<string> => {
        acted = true;
        return Promise.resolve('done');
      };
      const send = { ...text, txcode: one.txcode };
      const calls = [
        () => commands.once(one, 'cancel', act),
        () => commands.send(one, send, spell),
      ];
      const ended = await Promise.allSettled(
        (round % 2 === 0 ? calls : calls.reverse()).map((call) => call()),
      );
      const good = ended.filter((end) => end.status === 'fulfilled').map((end) => end.value);
      expect(good).toHaveLength(1);
      expect(acted).toBe(good[0] === 'done');
    }
  });

  it('that a crash cut off is done again', async () => {
    await new Promise<void>((begun) => {
      const never = (): Promise<string> => {
        begun();
        return new Promise(() => {});
      };
      void commands.once(key(), 'd1', never);
    });
    commands = new Commands({ store: new CommandStore(db), sends: desk, clock });
    await expect(commands.once(key(), 'd2', () => Promise.resolve('other'))).rejects.toMatchObject({
      code: 'duplicate_request',
    });
    expect(await commands.once(key(), 'd1', () => Promise.resolve('done'))).toBe('done');
  });

  it('that fails is not stored, and does not hold up the next', async () => {
    const failing = commands.once(key(), 'd1', () => Promise.reject(new Error('not now')));
    const next = commands.once(key(), 'd1', () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('not now');
    expect(await next).toBe('done');
  });

  it('shares its numbers with sends', async () => {
    await commands.send(key(), text, spell);
    await expect(
      commands.once(key(), 'login', () => Promise.resolve('done')),
    ).rejects.toMatchObject({ code: 'duplicate_request' });
    const taken = key({ txcode: 't2' });
    const far = key({ txcode: 't2', dayBefore: undefined, dayAfter: undefined });
    await commands.once(taken, 'login', () => Promise.resolve('done'));
    for (const one of [taken, far]) {
      await expect(commands.send(one, text, spell)).rejects.toMatchObject({
        code: 'duplicate_request',
      });
    }
  });
});

it('answers survive a restart', async () => {
  await commands.send(key(), text, spell);
  await db.close();
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  commands = new Commands({
    store: new CommandStore(db),
    sends: new Desk(new SendStore(db)),
    clock,
  });
  expect(await commands.send(key(), text, () => 'another')).toBe('msgid 1');
});
