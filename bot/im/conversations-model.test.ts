import fc from 'fast-check';
import { expect, it } from 'vitest';
import { imbot, ServiceRig, text, wechat, wordsOf } from '../../tests/support/service-rig.ts';
import type { CustomerRef } from './conversation.ts';
import type { Session } from './session.ts';

/**
 * Whatever happens in whatever order, many of it at the same moment: each word of a customer is in
 * his own inbox once and in order, and was told to exactly one agent, in order too.
 */
type Act =
  | { do: 'ask'; customer: number; count: number }
  | { do: 'answer'; customer: number; agent: number }
  | { do: 'come' | 'leave'; agent: number }
  | { do: 'status'; seller: number; online: boolean }
  | { do: 'hire' | 'fire'; seller: number }
  | { do: 'desk'; open: boolean }
  | { do: 'assign'; customer: number; agent: number | null }
  | { do: 'restart' };

const customers: readonly CustomerRef[] = [
  ...['w0', 'w1', 'w2'].map((contact) => wechat(contact)),
  ...['b0', '11'].map(imbot),
];
/** Two are called as sellers are. */
const agents = ['joe', 'eve', '11', '12'];
const sellers = [11, 12, 13];
const storeId = 1;

const customer = fc.nat(customers.length - 1);
const agent = fc.nat(agents.length - 1);
const seller = fc.nat(sellers.length - 1);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      customer,
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer'), customer, agent }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('come', 'leave'), agent }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('status'), seller, online: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hire', 'fire'), seller }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('desk'), open: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('assign'), customer, agent: fc.option(agent) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
) as fc.Arbitrary<Act>;
/** Those of one list happen at the same moment. */
const plans = fc.array(fc.array(act, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 12,
});

class Play {
  readonly rig: ServiceRig;
  /** What each customer said, in the order in which it was stored. */
  readonly said = new Map<string, { id: number; words: string }[]>();
  readonly answers: string[] = [];
  readonly sessions = new Map<string, Session[]>();
  #count = 0;

  constructor(rig: ServiceRig) {
    this.rig = rig;
  }

  async run(plan: readonly (readonly Act[])[]): Promise<void> {
    for (const acts of plan) {
      if (acts.some((one) => one.do === 'restart')) {
        await this.rig.restart();
        this.sessions.clear();
      }
      await Promise.all(acts.map((one) => this.#act(one)));
      await this.rig.clock.advance(1000);
    }
  }

  async #act(one: Act): Promise<void> {
    const { rig } = this;
    switch (one.do) {
      case 'ask': {
        const ref = customers[one.customer];
        if (ref === undefined) return;
        const more = Array.from({ length: one.count }, () => this.#ask(ref));
        await Promise.all(more);
        return;
      }
      case 'answer': {
        const contact = customers[one.customer]?.contact ?? '';
        this.#count += 1;
        const words = `answer ${this.#count}`;
        const talk = await rig.answer(agents[one.agent] ?? '', contact, words);
        if (talk !== undefined) this.answers.push(words);
        return;
      }
      case 'come': {
        const name = agents[one.agent] ?? '';
        const { session } = await rig.connect(name);
        this.sessions.set(name, [...(this.sessions.get(name) ?? []), session]);
        return;
      }
      case 'leave': {
        const session = this.sessions.get(agents[one.agent] ?? '')?.pop();
        if (session !== undefined) rig.im.hub.remove(session);
        return;
      }
      case 'assign': {
        const contact = customers[one.customer]?.contact ?? '';
        const [found] = await rig.im.office.list({ text: contact }, undefined, 1);
        const to = one.agent === null ? null : (agents[one.agent] ?? null);
        if (found !== undefined) await refused(rig.im.office.assign(found.id, { agent: to }));
        return;
      }
      default:
        await refused(this.#work(one));
    }
  }

  async #work(one: Act): Promise<unknown> {
    const { desks } = this.rig.im;
    switch (one.do) {
      case 'status': {
        const status = one.online ? 'online' : 'offline';
        return await desks.setStatus(storeId, sellers[one.seller] ?? 0, status);
      }
      case 'hire':
        return await desks.putSeller({ storeId, uid: sellers[one.seller] ?? 0 });
      case 'fire':
        return await desks.removeSeller(storeId, sellers[one.seller] ?? 0);
      case 'desk':
        if (one.open) return await desks.addDesk({ appid: 7, name: 'desk', storeId });
        return await desks.removeDesk(storeId);
      default:
        return undefined;
    }
  }

  async #ask(ref: CustomerRef): Promise<void> {
    this.#count += 1;
    const words = `${ref.contact} ${this.#count}`;
    const { message } = await this.rig.db.transaction((tx) =>
      this.rig.im.conversations.fromCustomer(tx, { customer: ref, content: text(words) }),
    );
    const said = this.said.get(ref.contact) ?? [];
    said.push({ id: message.id, words });
    this.said.set(ref.contact, said);
  }

  /** What a customer said, in the order of its numbers. */
  words(contact: string): string[] {
    const said = this.said.get(contact) ?? [];
    return said.toSorted((a, b) => a.id - b.id).map((one) => one.words);
  }
}

/** It may be that there is no desk or seller any more. */
async function refused(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    expect(error).toHaveProperty('code', expect.stringMatching(/not_found|conflict|field_value/));
  });
}

it('whatever happens in whatever order, each word is told to exactly one agent, once', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const rig = await ServiceRig.open();
      try {
        const play = new Play(rig);
        await play.run(plan);
        // In the end somebody is there for whoever still waits.
        const last = await rig.connect('last');
        await rig.settled();
        expect(await rig.im.conversations.countWaiting()).toBe(0);
        last.leave();
        const told: { agent: string; words: string }[] = [];
        for (const name of new Set([...agents, ...sellers.map(String), 'last'])) {
          const placed = await rig.im.log.read(await rig.im.names.get(name), 0, 1000);
          const ids = placed.map(({ message }) => message.id);
          expect(ids).toEqual(ids.toSorted((a, b) => a - b));
          for (const { message } of placed) {
            const { conversation, agent: by } = message.parties ?? {};
            if (conversation === undefined || by !== undefined) continue;
            const owner =
              rig.im.conversations.peek(conversation) ??
              (await rig.im.conversations.get(conversation));
            // His own inbox, should he be called as an agent is.
            if (owner?.contact !== name) told.push({ agent: name, words: wordsOf(message) });
          }
        }
        for (const { contact } of customers) {
          const words = play.words(contact);
          const own = (await rig.inbox(contact)).filter((one) => one.startsWith(`${contact} `));
          // What he was told as an agent of that name lies there too, but none of his own words.
          expect(own).toEqual(words);
          if (agents.includes(contact)) continue;
          const mine = told.filter((one) => one.words.startsWith(`${contact} `));
          expect(mine.map((one) => one.words).toSorted()).toEqual(words.toSorted());
          for (const name of new Set(mine.map((one) => one.agent))) {
            const heard = mine.filter((one) => one.agent === name).map((one) => one.words);
            expect(heard).toEqual(words.filter((one) => heard.includes(one)));
          }
          // The queues of the mini-program IM hold the same.
          const queued = rig.queued.filter((one) => one.from === contact && one.waits);
          expect(queued.map((one) => one.words).toSorted()).toEqual(words.toSorted());
        }
        const sent = rig.sent.map((one) => one.words);
        expect(new Set(sent).size).toBe(sent.length);
        for (const words of sent) expect(play.answers).toContain(words);
      } finally {
        await rig.close();
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
