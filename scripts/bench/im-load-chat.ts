import { giveUp, openClient, pause, type Tell, textOf } from './im-load-tools.ts';
import type { Place } from './im-socket.ts';

/** One user talks to another on schedule, whatever the answers do. */
export interface ChatOrder {
  kind: 'chat';
  tokens: string;
  place: Place;
  seconds: number;
  perSecond: number;
}

/** Epoch ms at which each should have left, and ms until its ACK. */
export interface ChatResult {
  sent: [at: number, ms: number][];
  delivered: number;
}

export async function loadChat(order: ChatOrder, tokens: string[], tell: Tell): Promise<void> {
  const { place, seconds, perSecond } = order;
  const sender = await openClient(place, { uid: 1, token: tokens[0] ?? '', confirms: 'each' });
  const receiver = await openClient(place, { uid: 2, token: tokens[1] ?? '', confirms: 'each' });
  const text = textOf(60);
  const due = new Map<number, number>();
  const sent: [number, number][] = [];
  let delivered = 0;
  receiver.onMessage = ({ number }) => {
    if (number !== delivered + 1) giveUp(`message ${number} after ${delivered}`);
    delivered = number;
  };
  sender.onAck = (seq, status) => {
    if (status !== 0) giveUp(`refused with ${status}`);
    const at = due.get(seq) ?? 0;
    sent.push([performance.timeOrigin + at, performance.now() - at]);
  };
  const count = seconds * perSecond;
  const began = performance.now();
  for (let number = 1; number <= count; ) {
    const now = performance.now();
    for (; number <= count; number += 1) {
      const at = began + ((number - 1) / perSecond) * 1000;
      if (at > now) break;
      due.set(sender.say(2, number, text), at);
    }
    await pause(1);
  }
  for (let tries = 0; tries < 500 && (sent.length < count || delivered < count); tries += 1) {
    await pause(10);
  }
  if (sent.length !== count || delivered !== count) {
    giveUp(`${count} said, ${sent.length} acknowledged, ${delivered} delivered`);
  }
  tell({ sent, delivered } satisfies ChatResult);
}
