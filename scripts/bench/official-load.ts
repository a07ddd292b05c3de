import { connect, type Socket } from 'node:net';
import { giveUp, letGo, pause, type Times, timesOf } from './im-load-tools.ts';
import { OfficialSocket } from './official-socket.ts';

/** What this program is told, as JSON in its first argument. */
export interface OfficialOrder {
  kind: 'fan' | 'rate' | 'idle';
  port: number;
  users: number;
  seconds: number;
  warmSeconds: number;
  /** rate: pushes a second. */
  perSecond: number;
}

export interface OfficialResult extends Times {
  pushes: number;
  /** Frames that came. */
  frames: number;
  seconds: number;
  /** rate: from the push to its answer. */
  answered: Times;
}

const order = JSON.parse(process.argv[2] ?? '{}') as OfficialOrder;
const words = 'the order of the morning has left the house, it is expected at noon';

/** One line to whoever started us. */
function tell(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** A connection for pushes; answers come in their order. */
class PushLine {
  readonly #socket: Socket;
  readonly #waiting: (() => void)[] = [];
  #text = '';

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.on('error', (error) => giveUp(error.message));
  }

  push(data: object): Promise<void> {
    const body = JSON.stringify({ data, result: { code: 1001, message: 'common' } });
    this.#socket.write(
      `POST /im_component/wx_official_account/send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #read(chunk: string): void {
    this.#text += chunk;
    for (;;) {
      const head = this.#text.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1]);
      const end = head + 4 + length;
      if (this.#text.length < end) return;
      const answer = this.#text.slice(0, end);
      if (!answer.startsWith('HTTP/1.1 200') || !answer.includes('"code":100')) giveUp(answer);
      this.#text = this.#text.slice(end);
      this.#waiting.shift()?.();
    }
  }
}

async function open(): Promise<OfficialSocket[]> {
  const all: OfficialSocket[] = [];
  for (let at = 0; at < order.users; at += 200) {
    const some = Array.from(
      { length: Math.min(200, order.users - at) },
      (_, index) => new OfficialSocket(order.port, `u${at + index}`, giveUp),
    );
    await Promise.all(some.map((socket) => socket.opened()));
    all.push(...some);
  }
  return all;
}

/** One push to all; the next one when everybody has it. */
async function fan(sockets: OfficialSocket[]): Promise<void> {
  const line = new PushLine(order.port);
  const names = sockets.map((_, index) => `u${index}`);
  let waiting = 0;
  let all: () => void = () => {};
  for (const socket of sockets) {
    socket.onMessage = () => {
      waiting -= 1;
      if (waiting === 0) all();
    };
  }
  let number = 0;
  const once = async (): Promise<number> => {
    number += 1;
    waiting = sockets.length;
    const began = performance.now();
    const arrived = new Promise<void>((resolve) => {
      all = resolve;
    });
    const msg = { content: `${number} ${words}` };
    const answered = line.push({ msg_type: 'text', contact_ids: names, from_id: 'news', msg });
    await arrived;
    const took = performance.now() - began;
    await answered;
    return took;
  };
  const warm = performance.now() + order.warmSeconds * 1000;
  do await once();
  while (performance.now() < warm);
  tell({ phase: 'begin' });
  const latencies: number[] = [];
  const began = performance.now();
  while (performance.now() - began < order.seconds * 1000) latencies.push(await once());
  const seconds = (performance.now() - began) / 1000;
  tell({ phase: 'end' });
  tell({
    ...timesOf(latencies),
    ...{ pushes: latencies.length, frames: latencies.length * sockets.length, seconds },
    answered: timesOf([]),
  } satisfies OfficialResult);
}

/** Pushes on time, whatever comes back, each to one of the users in turn. */
async function rate(sockets: OfficialSocket[]): Promise<void> {
  const lines = Array.from({ length: 16 }, () => new PushLine(order.port));
  const { perSecond, seconds, warmSeconds } = order;
  const total = Math.floor((seconds + warmSeconds) * perSecond);
  const warm = Math.floor(warmSeconds * perSecond);
  const latencies: number[] = [];
  const answers: number[] = [];
  let frames = 0;
  const dueAt = new Float64Array(total);
  for (const [index, socket] of sockets.entries()) {
    socket.onMessage = () => {
      frames += 1;
      const push = (socket.last - 1) * sockets.length + index;
      if (push >= warm) latencies.push(performance.now() - (dueAt[push] ?? 0));
    };
  }
  const began = performance.now();
  let sent = 0;
  let begun = false;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond));
    for (; sent < due; sent += 1) {
      const index = sent % sockets.length;
      const at = began + (sent / perSecond) * 1000;
      const push = sent;
      dueAt[push] = at;
      const msg = { content: `${Math.floor(push / sockets.length) + 1} ${words}` };
      const data = { msg_type: 'text', contact_id: `u${index}`, from_id: 'news', msg };
      void lines[push % lines.length]?.push(data).then(() => {
        if (push >= warm) answers.push(performance.now() - at);
      });
    }
    if (!begun && sent >= warm) {
      begun = true;
      tell({ phase: 'begin' });
    }
    await pause(1);
  }
  for (let tries = 0; frames < total && tries < 1000; tries += 1) await pause(5);
  tell({ phase: 'end' });
  if (frames !== total) giveUp(`${frames} of ${total} frames came`);
  tell({
    ...timesOf(latencies),
    ...{ pushes: latencies.length, frames: latencies.length, seconds },
    answered: timesOf(answers),
  } satisfies OfficialResult);
}

const sockets = await open();
tell({ phase: 'open' });
if (order.kind === 'fan') await fan(sockets);
else if (order.kind === 'rate') await rate(sockets);
else await letGo();
// The last pings are answered, so that the next round does not get this one's frames. Of very many
// sockets some are asked at a time.
if (order.kind !== 'idle') await pause(3000 + order.users);
for (const socket of sockets) socket.end();
process.exit(0);
