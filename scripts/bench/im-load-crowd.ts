import { ImClient } from './im-client.ts';
import type { Confirms } from './im-client-types.ts';
import { giveUp, letGo, type Tell } from './im-load-tools.ts';
import type { Place } from './im-socket.ts';

/** Very many clients: who stay, who come and go, who all come back at once. */
export interface CrowdOrder {
  kind: 'idle' | 'logins' | 'return';
  tokens: string;
  place: Place;
  confirms: Confirms;
  count: number;
  /** On their way in at the same time. */
  atOnce: number;
  /** logins: so long. */
  seconds: number;
  /** return: messages that wait for each. */
  waiting: number;
}

export interface LoginsResult {
  logins: number;
  seconds: number;
}

export interface ReturnResult {
  seconds: number;
  clients: number;
  messages: number;
  /** Clients that did not get exactly what waited for them, in order. */
  wrong: number;
}

/** Opens all, tells of it and waits. */
export async function loadIdle(order: CrowdOrder, tokens: string[], tell: Tell): Promise<void> {
  const clients: ImClient[] = [];
  await each(order, (index) => arrive(order, tokens, index, (client) => clients.push(client)));
  tell({ phase: 'ready', clients: clients.length });
  await letGo();
}

/** Connection, login, end; again and again. */
export async function loadLogins(order: CrowdOrder, tokens: string[], tell: Tell): Promise<void> {
  tell({ phase: 'begin' });
  const began = performance.now();
  const end = began + order.seconds * 1000;
  let next = 0;
  let logins = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      const index = next;
      next += 1;
      const client = clientOf(order, tokens, index);
      await new Promise<void>((resolve) => {
        client.onLogin = (accepted) => {
          if (!accepted) giveUp('a login was refused');
          client.end();
          resolve();
        };
        client.logIn();
      });
      if (performance.now() < end) logins += 1;
    }
  };
  await Promise.all(Array.from({ length: order.atOnce }, work));
  tell({ phase: 'end' });
  tell({ logins, seconds: order.seconds } satisfies LoginsResult);
}

/** All log in and sync what waits for them. */
export async function loadReturn(order: CrowdOrder, tokens: string[], tell: Tell): Promise<void> {
  let wrong = 0;
  let messages = 0;
  tell({ phase: 'begin' });
  const began = performance.now();
  await each(order, (index) => {
    let next = 1;
    let good = true;
    const check = (client: ImClient): void => {
      client.onMessage = (message) => {
        messages += 1;
        if (message.number !== next || message.receiver !== client.uid) good = false;
        next += 1;
      };
    };
    return arrive(order, tokens, index, check).then(() => {
      if (!good || next !== order.waiting + 1) wrong += 1;
    });
  });
  const seconds = (performance.now() - began) / 1000;
  tell({ phase: 'end' });
  tell({ seconds, clients: order.count, messages, wrong } satisfies ReturnResult);
  await letGo();
}

/** `work` for each of the count, so many at a time. */
async function each(order: CrowdOrder, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < order.count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: order.atOnce }, worker));
}

/** Resolves when the client is logged in and synced. */
function arrive(
  order: CrowdOrder,
  tokens: string[],
  index: number,
  prepare: (client: ImClient) => void,
): Promise<void> {
  const client = clientOf(order, tokens, index);
  prepare(client);
  client.open();
  return new Promise((resolve) => {
    client.onLogin = (accepted) => accepted || giveUp('a login was refused');
    client.onSynced = (_gid, more) => more || resolve();
  });
}

/**
 * One source address has some 28,000 ports. Where they suffice none is named: choosing a port for a
 * named one takes the kernel long when very many were used shortly before.
 */
function sourceOf({ count }: CrowdOrder, index: number): { localAddress?: string } {
  return count <= 20_000 ? {} : { localAddress: `127.0.0.${2 + (index % 16)}` };
}

function clientOf(order: CrowdOrder, tokens: string[], index: number): ImClient {
  const user = index % tokens.length;
  const client = new ImClient({
    ...order.place,
    ...sourceOf(order, index),
    uid: user + 1,
    token: tokens[user] ?? '',
    confirms: order.confirms,
  });
  client.onFault = giveUp;
  client.onClose = (reason) => reason === undefined || giveUp(`${user + 1}: ${reason}`);
  return client;
}
