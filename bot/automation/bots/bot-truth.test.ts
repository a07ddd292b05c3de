import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BotsRig } from '../../../tests/support/bots-rig.ts';
import { type Conduct, loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';
import type { DriverEvent } from '../driver.ts';
import { botStates } from './bot-state.ts';
import { deriveState, edges, type Facts, limits, newFacts, nextStep } from './bot-truth.ts';

const now = 1_000_000_000;
const account = { id: 'a', name: 'A' };

function facts(changes: Partial<Facts> = {}): Facts {
  return { ...newFacts('on', undefined, now), ...changes };
}

function loggedIn(changes: Partial<Facts> = {}): Facts {
  return facts({
    process: 'up',
    account,
    bound: account,
    streamAt: now,
    accountAt: now,
    ...changes,
  });
}

function qr(changes: Partial<NonNullable<Facts['qr']>> = {}): Facts['qr'] {
  const times = { createdAt: now, statusAt: now, expiresAt: now + limits.qr };
  return { name: 'n', text: 't', status: 'waiting', ...times, ...changes };
}

describe('the state is derived from the proofs', () => {
  test.each([
    ['off', facts({ desired: 'off', account })],
    ['offline', facts({ desired: 'out', account })],
    ['starting', facts()],
    ['scan', facts({ qr: qr() })],
    ['confirm', facts({ qr: qr({ status: 'scanned' }) })],
    ['scan', facts({ qr: qr({ status: 'scanned', statusAt: now - limits.confirm }) })],
    ['syncing', loggedIn()],
    ['ready', loggedIn({ synced: true })],
    ['wrong-account', loggedIn({ synced: true, bound: { id: 'b', name: 'B' } })],
    ['suspect', loggedIn({ synced: true, streamAt: now - limits.stream })],
    ['suspect', loggedIn({ synced: true, accountAt: now - limits.account })],
    ['suspect', loggedIn({ synced: true, doubt: 'no answer' })],
    ['suspect', facts({ lostAt: now })],
    ['offline', facts({ offline: { reason: 'kicked', retryAt: now + 1 } })],
    ['failed', facts({ failure: { reason: 'refused' } })],
  ] as const)('%s', (state, given) => {
    expect(deriveState(given, now)).toBe(state);
  });

  test('no state is a trap: each has a next step, or waits for a command or the next life', () => {
    const waiting = new Set(['off']);
    for (const state of botStates) {
      const given =
        state === 'failed'
          ? facts({ process: 'up', failure: { reason: 'x' } })
          : state === 'scan' || state === 'confirm'
            ? facts({ qr: qr() })
            : state === 'offline'
              ? facts({ offline: { reason: 'x', retryAt: now + 5 } })
              : state === 'starting'
                ? facts()
                : loggedIn({ lostAt: now });
      expect(nextStep(given, state, now) === undefined, state).toBe(waiting.has(state));
    }
  });

  test('every state can be left and reached', () => {
    for (const state of botStates) {
      expect(edges[state].length, state).toBeGreaterThan(0);
      expect(
        botStates.some((from) => edges[from].includes(state)),
        state,
      ).toBe(true);
      expect(edges[state]).not.toContain(state);
    }
  });
});

/** Longest time a state may last; `scan` and `confirm` begin anew with every code. */
const bounds: Partial<Record<(typeof botStates)[number], number>> = {
  starting: limits.start,
  syncing: limits.syncing,
  suspect: limits.lost + limits.suspect,
  offline: 300_000,
};

const account2 = { id: 'b', name: 'B' };
const act = fc.oneof(
  fc.record({ pass: fc.constantFrom(100, 1000, 20_000, 70_000, 200_000) }),
  fc.record({
    say: fc.constantFrom(
      loginOf(account),
      loginOf(account2),
      scanOf('1'),
      scanOf('2'),
      { type: 'scan', code: '1', status: 'scanned', expiresAt: undefined } as const,
      { type: 'scan', code: '2', status: 'expired', expiresAt: undefined } as const,
      { type: 'logout', reason: 'kick' } as const,
      { type: 'down', reason: 'down' } as const,
      { type: 'refused', reason: 'ban' } as const,
      { type: 'ready' } as const,
      { type: 'room', roomId: 'r', topic: undefined, gone: false } as const,
    ),
  }),
  fc.record({
    part: fc.constantFrom('start', 'stop', 'ping', 'rooms', 'logout'),
    does: fc.constantFrom<Conduct>('good', 'good', 'hang', 'reject', 'throw', 'refuse'),
  }),
  fc.record({
    says: fc.constantFrom<DriverEvent[]>(
      [],
      [scanOf('3')],
      [loginOf(account)],
      [loginOf(account2)],
    ),
  }),
  fc.record({ heart: fc.boolean() }),
  fc.record({
    command: fc.constantFrom('login', 'logout', 'release', 'acceptAccount', 'rejectAccount'),
  }),
);

test('whatever happens: no illegal change, no state beyond its time, ready in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 15, maxLength: 30 }), async (acts) => {
      const rig = await BotsRig.open();
      try {
        rig.script('b', { says: [loginOf(account)] });
        await rig.start('b');
        for (const one of acts) {
          if ('pass' in one) await rig.pass(one.pass);
          else if ('say' in one) rig.driver('b').say(one.say);
          else if ('part' in one) rig.script('b', { [one.part]: one.does });
          else if ('says' in one) rig.script('b', { says: one.says });
          else if ('heart' in one) rig.script('b', { heart: one.heart });
          else await rig.bots[one.command]('b').catch(() => {});
          await rig.settle();
          const { state, since, userAction } = rig.view('b');
          const bound = userAction === 'none' ? undefined : bounds[state];
          if (bound !== undefined) expect(rig.clock.now() - since).toBeLessThanOrEqual(bound);
        }
        // Whatever was, a login command and a driver that works bring it back.
        const good = {
          start: 'good',
          stop: 'good',
          ping: 'good',
          rooms: 'good',
          logout: 'good',
        } as const;
        rig.script('b', { ...good, heart: true, says: [loginOf(account)] });
        await rig.pass(60_000);
        await rig.bots.login('b');
        rig.driver('b').say({ type: 'down', reason: 'last' });
        await rig.pass(400_000);
        if (rig.view('b').state === 'wrong-account') {
          await rig.bots.acceptAccount('b');
          await rig.settle();
        }
        expect(rig.view('b').state).toBe('ready');
        expect(rig.illegal).toEqual([]);
        expect(rig.log).not.toMatch(/no such change of state|does not settle/);
        // What channels were told of log-ins and log-outs alternates with what ended or began.
        const told = rig.tape.of('b');
        expect(told.at(-1)).not.toBe('logout');
      } finally {
        await rig.close();
      }
    }),
    { numRuns: 60 },
  );
});
