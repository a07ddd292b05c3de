import { expect } from 'vitest';
import type { Operation } from '../../api/admin/operation.ts';
import { adminOperations } from '../../api/admin/operations.ts';
import { problemSchema } from '../../api/openapi/part.ts';

/** Whatever some operation answers; a test reads the fields of its own. */
export interface AdminBody {
  id: number | string;
  name: string;
  token: string;
  password: string;
  key: string;
  expiresAt: number;
  items: AdminBody[];
  next: string | null;
  status: string | number;
  field?: string;
  detail: string;
  request: { url: string; contentType: string; body: string };
  chid: string;
  channel: AdminBody;
  keyCount: number;
  source: string;
  pausedReason: string | null;
  botcode: string;
  state: string;
  reason: string | null;
  settings: Record<string, unknown>;
  queue: { length: number };
  qr: { text: string; pngUrl: string } | null;
  topic: string;
  members: { id: string; name: string }[];
  memberCount: number;
  length: number;
  position: number;
  msgid: number;
  txcode: string;
  sendStatus: string;
  content: Record<string, unknown>;
  eventId: number;
  type: string;
  tries: { status: number | null; error: string | null }[];
  count: number;
  commands: { chid: string; answer: string }[];
  sends: { send: AdminBody; steps: { at: number; step: string }[]; deliveries: AdminBody[] }[];
  level: string;
  waiting: string[];
  file: string;
  bytes: number;
  ready: { status: string };
  bots: AdminBody[];
  channels: AdminBody[];
  due: number;
  dead: number;
  configFault: string | null;
  appid: number;
  app: AdminBody;
  secret: string;
  appKey: string;
  storeId: number;
  uid: number;
  gid: number;
  seq: number;
  text: string | null;
  inboxOf: number | null;
  connections: AdminBody[];
  contact: string;
  agent: string | null;
  by: string;
}

export interface AdminAnswer {
  status: number;
  headers: Headers;
  /** Without one: an empty object. */
  body: AdminBody;
  text: string;
}

/**
 * An operator's client. Every answer is checked against what the API document says of it: success
 * against the operation's own schema, with no field besides; a refusal as problem+json.
 */
export class AdminClient {
  /** Operations that were called with success. */
  readonly done = new Set<string>();
  /** Everything that was answered, for the search for secrets. */
  readonly texts: string[] = [];
  token: string | undefined;
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  async login(password = 'test-password', username = 'admin'): Promise<void> {
    const { body } = await this.ok('POST', '/session', { username, password });
    this.token = body.token;
  }

  /** A call that has to succeed. */
  async ok(method: string, path: string, body?: unknown): Promise<AdminAnswer> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** A call that has to be refused with this status. */
  async refused(status: number, method: string, path: string, body?: unknown) {
    const answer = await this.call(method, path, body);
    expect([answer.status, path, answer.text]).toEqual([status, path, expect.any(String)]);
    return answer;
  }

  async call(method: string, path: string, body?: unknown): Promise<AdminAnswer> {
    const raw = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(`${this.#url()}/api/v1${path}`, {
      method,
      headers: {
        ...(raw !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      ...(raw !== undefined && { body: raw }),
    });
    const text = await response.text();
    this.texts.push(text);
    const answer = {
      status: response.status,
      headers: response.headers,
      // Checked against the schema below.
      body: (text === '' ? {} : JSON.parse(text)) as AdminBody,
      text,
    };
    this.#check(method, path, answer);
    return answer;
  }

  #check(method: string, path: string, answer: AdminAnswer): void {
    const { status, headers, body, text } = answer;
    if (status >= 300) {
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(problemSchema.parse(body)).toEqual(body);
      expect(body.status).toBe(status);
      // Nothing from inside: no stack, no SQL, no path of this machine.
      expect(text).not.toMatch(/\bat .*\.ts|node_modules|SELECT |INSERT |SQLITE|\/tmp\/|\/work\//);
      return;
    }
    const operation = operationOf(method, path);
    if (operation === undefined) throw new Error(`no operation is ${method} ${path}`);
    this.done.add(operation.id);
    expect([operation.id, status]).toEqual([operation.id, operation.status]);
    expect(headers.get('cache-control')).toBe('no-store');
    if (operation.answer === undefined) expect(text).toBe('');
    else expect(operation.answer.parse(body)).toEqual(body);
  }
}

export function operationOf(method: string, path: string): Operation | undefined {
  const [plain = ''] = path.split('?');
  return adminOperations.find(
    (one) =>
      one.method === method.toLowerCase() &&
      new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
}
