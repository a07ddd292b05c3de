import { ImClient } from './im-client.ts';
import { giveUp, pause, type Tell } from './im-load-tools.ts';
import type { Place } from './im-socket.ts';

/** A user who was away fetches everything that waits, again and again. */
export interface SyncOrder {
  kind: 'syncs';
  tokens: string;
  place: Place;
  uid: number;
  /** Messages that wait. */
  waiting: number;
  seconds: number;
  everyMs: number;
}

/** Epoch ms of each sync: from the request to the last message of all. */
export interface SyncResult {
  syncs: [began: number, ended: number][];
}

export async function loadSyncs(order: SyncOrder, tokens: string[], tell: Tell): Promise<void> {
  const syncs: [number, number][] = [];
  const end = performance.now() + order.seconds * 1000;
  tell({ phase: 'begin' });
  for (let next = performance.now(); next < end; next += order.everyMs) {
    await pause(Math.max(0, next - performance.now()));
    syncs.push(await syncOnce(order, tokens[order.uid - 1] ?? ''));
  }
  tell({ syncs } satisfies SyncResult);
}

/** The client confirms nothing: all of it is there again the next time. */
function syncOnce(order: SyncOrder, token: string): Promise<[number, number]> {
  const { place, uid, waiting } = order;
  const client = new ImClient({ ...place, uid, token, confirms: 'never' });
  client.onFault = giveUp;
  client.onClose = (reason) => reason === undefined || giveUp(reason);
  let began = 0;
  let count = 0;
  client.onLogin = () => {
    began = performance.timeOrigin + performance.now();
    client.sync();
  };
  client.logIn();
  return new Promise((resolve) => {
    client.onMessage = ({ number }) => {
      count += 1;
      if (number !== count) giveUp(`message ${number} of the ${count} that came`);
    };
    client.onSynced = () => {
      // Told of more right behind the end.
      if (count < waiting) return;
      if (count > waiting) giveUp(`${count} messages of ${waiting}`);
      client.end();
      resolve([began, performance.timeOrigin + performance.now()]);
    };
  });
}
