import { connect, type Socket } from 'node:net';

/** A load of requests on keep-alive connections. */
export interface HttpLoad {
  port: number;
  connections: number;
  /** Closed loop for this long; with `rate`: requests a second, sent on time whatever comes back. */
  seconds: number;
  rate?: number | undefined;
  /** The next request, head and body. */
  request: () => string;
  /** @returns whether the answer is what was wanted */
  note: (body: string) => boolean;
}

export interface HttpLoadResult {
  requests: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  /** Answers other than what was wanted. */
  refused: number;
}

/** One connection; answers come in the order of requests. */
class Client {
  readonly #socket: Socket;
  readonly #request: () => string;
  readonly #sentAt: number[] = [];
  readonly #note: (body: string, latency: number) => void;
  #text = '';
  onAnswer: () => void = () => {};

  constructor(
    socket: Socket,
    request: () => string,
    note: (body: string, latency: number) => void,
  ) {
    this.#socket = socket;
    this.#request = request;
    this.#note = note;
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
    this.#socket.write(this.#request());
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
      const due = this.#sentAt.shift() ?? 0;
      this.#note(this.#text.slice(head + 4, end), performance.now() - due);
      this.onAnswer();
      this.#text = this.#text.slice(end);
    }
  }
}

export async function runHttpLoad(load: HttpLoad): Promise<HttpLoadResult> {
  const latencies: number[] = [];
  let refused = 0;
  const note = (body: string, latency: number): void => {
    latencies.push(latency);
    if (load.note(body)) return;
    if (refused === 0) process.stderr.write(`load: refused: ${body.slice(0, 200)}\n`);
    refused += 1;
  };
  const clients = await Promise.all(
    Array.from(
      { length: load.connections },
      () =>
        new Promise<Client>((resolve) => {
          const socket: Socket = connect(load.port, '127.0.0.1', () =>
            resolve(new Client(socket, load.request, note)),
          );
        }),
    ),
  );
  const begin = performance.now();
  const end = begin + load.seconds * 1000;
  if (load.rate === undefined) await closedLoop(clients, end);
  else await openLoop(clients, begin, end, load.rate);
  const seconds = (performance.now() - begin) / 1000;
  for (const client of clients) client.end();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    round(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0);
  return {
    requests: latencies.length,
    seconds: round(seconds),
    perSecond: Math.round(latencies.length / seconds),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    refused,
  };
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
