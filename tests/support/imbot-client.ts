/** What came back of a call. */
export interface ImbotAnswer {
  status: number;
  /** Exactly what was said. */
  text: string;
  json: unknown;
  headers: Headers;
}

/** Speaks to the mini-program IM of a daemon. */
export class ImbotClient {
  readonly #base: () => string;
  readonly #headers: Record<string, string>;

  constructor(base: () => string, headers: Record<string, string> = {}) {
    this.#base = base;
    this.#headers = headers;
  }

  async call(method: string, path: string, body?: unknown, type?: string): Promise<ImbotAnswer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const headers = {
      ...this.#headers,
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
    };
    const response = await fetch(`${this.#base()}/api/imbot${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: readJson(text), headers: response.headers };
  }

  get(path: string, query: Record<string, string | number> = {}): Promise<ImbotAnswer> {
    const fields = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    );
    return this.call('GET', `${path}?${fields}`);
  }

  post(path: string, body: unknown, type?: string): Promise<ImbotAnswer> {
    return this.call('POST', path, body, type);
  }

  /** @throws unless it was accepted */
  async say(from: string, to: string, msg: unknown, templateUrl?: string): Promise<void> {
    const body = { fromUserId: from, toUserId: to, msg, ...(templateUrl && { templateUrl }) };
    const { status, text } = await this.post('/msg', body);
    if (status !== 200 || text !== '{"result":"success"}') throw new Error(`${status} ${text}`);
  }

  async take(from: string, to: string): Promise<unknown[]> {
    return msgsOf(await this.get('/pending_msgs', { fromUserId: from, toUserId: to }));
  }

  async count(from: string, to: string): Promise<number> {
    const answer = await this.get('/pending_count', { fromUserId: from, toUserId: to });
    return (answer.json as { count: number }).count;
  }

  async counts(userId: string): Promise<unknown> {
    return (await this.get('/pending_count_list', { userId })).json;
  }

  async history(from: string, to: string, start = 0, end = 9e15): Promise<unknown[]> {
    const query = { fromUserId: from, toUserId: to, startTimeStamp: start, endTimeStamp: end };
    const rows = msgsOf(await this.get('/msg', { ...query, limit: 10_000 }));
    return rows.map((row) => (row as { msg: unknown }).msg);
  }
}

function msgsOf({ status, json, text }: ImbotAnswer): unknown[] {
  if (status !== 200) throw new Error(`${status} ${text}`);
  return (json as { msgs: unknown[] }).msgs;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
