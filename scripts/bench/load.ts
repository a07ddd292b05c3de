import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** What one load run is told, as JSON in the first argument of this program. */
export interface LoadOrder {
  port: number;
  connections: number;
  /** Closed loop for this long; with `rate`: requests a second, sent on time whatever comes back. */
  seconds: number;
  rate?: number;
  chid: string;
  key: string;
  botcodes: string[];
  room: string;
  /** Makes txcodes of this run unlike those of any other. */
  prefix: string;
  /** yyyymmddhhmmss */
  txtime: string;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  /** Answers whose rtCode is not 0. */
  refused: number;
  firstMsgid: number;
  lastMsgid: number;
  /** Distinct msgids among the answers. */
  distinct: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
const latencies: number[] = [];
const msgids: number[] = [];
let refused = 0;
let counter = 0;

/** One keep-alive connection; answers come in the order of requests. */
class Client {
  readonly #socket: Socket;
  readonly #sentAt: number[] = [];
  #text = '';
  onAnswer: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#read(chunk));
    socket.on('error', (error) => {
      process.stderr.write(`load: ${error.message}\n`);
      process.exit(1);
    });
  }

  get waiting(): number {
    return this.#sentAt.length;
  }

  /** @param dueAt when it should have left: waiting in our own queue counts as latency */
  send(dueAt: number): void {
    this.#sentAt.push(dueAt);
    this.#socket.write(request());
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text += chunk;
    for (;;) {
      const head = this.#text.indexOf('\r\n\r\n');
      if (head === -1) return;
      const at = this.#text.search(/content-length: /i);
      const length = Number.parseInt(this.#text.slice(at + 16, at + 24), 10);
      const end = head + 4 + length;
      if (this.#text.length < end) return;
      this.#note(this.#text.slice(head + 4, end));
      this.#text = this.#text.slice(end);
    }
  }

  #note(body: string): void {
    const due = this.#sentAt.shift() ?? 0;
    latencies.push(performance.now() - due);
    const id = /"msgid":(\d+)/.exec(body)?.[1];
    if (!body.includes('"rtCode":"0"') || id === undefined) {
      if (refused === 0) process.stderr.write(`load: refused: ${body.slice(0, 200)}\n`);
      refused += 1;
    } else msgids.push(Number(id));
    this.onAnswer();
  }
}

function request(): string {
  counter += 1;
  const botcode = order.botcodes[counter % order.botcodes.length] ?? '';
  const body = `{"reqHead":{"chid":"${order.chid}","txcode":"${order.prefix}${String(counter).padStart(7, '0')}","txtime":"${order.txtime}","botcode":"${botcode}"},"reqBody":{"roomTopic":"${order.room}","text":"order ${counter} of the morning has left the house, expected at noon"}}`;
  const signature = createHash('md5').update(body).update(order.key).digest('hex');
  return `POST /api/roomSendText HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Ecaspsplus-Signature: ${signature}\r\nX-Ecaspsplus-SignatureType: MD5\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

async function main(): Promise<void> {
  const clients = await Promise.all(
    Array.from(
      { length: order.connections },
      () =>
        new Promise<Client>((resolve) => {
          const socket: Socket = connect(order.port, '127.0.0.1', () =>
            resolve(new Client(socket)),
          );
        }),
    ),
  );
  const begin = performance.now();
  const end = begin + order.seconds * 1000;
  if (order.rate === undefined) await closedLoop(clients, end);
  else await openLoop(clients, begin, end, order.rate);
  const seconds = (performance.now() - begin) / 1000;
  for (const client of clients) client.end();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    round(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0);
  const result: LoadResult = {
    requests: latencies.length,
    seconds: round(seconds),
    perSecond: Math.round(latencies.length / seconds),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    refused,
    firstMsgid: msgids.reduce((least, id) => Math.min(least, id), Number.MAX_SAFE_INTEGER),
    lastMsgid: msgids.reduce((most, id) => Math.max(most, id), 0),
    distinct: new Set(msgids).size,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function closedLoop(clients: Client[], end: number): Promise<void> {
  return new Promise((resolve) => {
    let busy = clients.length;
    for (const client of clients) {
      client.onAnswer = () => {
        if (performance.now() < end) client.send(performance.now());
        else if (--busy === 0) resolve();
      };
      client.send(performance.now());
    }
  });
}

/** Sends on schedule whatever the answers do, so that a stall is seen in full. */
async function openLoop(
  clients: Client[],
  begin: number,
  end: number,
  rate: number,
): Promise<void> {
  let sent = 0;
  let next = 0;
  while (performance.now() < end) {
    const due = Math.floor(((performance.now() - begin) / 1000) * rate);
    for (; sent < due; sent += 1) {
      clients[next++ % clients.length]?.send(begin + (sent / rate) * 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (clients.some((client) => client.waiting > 0)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await main();
