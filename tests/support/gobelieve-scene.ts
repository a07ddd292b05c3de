import { createHash } from 'node:crypto';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { type ClientOptions, GobelieveClient } from './gobelieve-client.ts';
import { type Address, GobelieveConnection } from './gobelieve-connection.ts';
import { authBody, command } from './gobelieve-frames.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at by the tests
type Json = any;

export const appid = 7;
const secret = 'secret';
const basic = Buffer.from(`${appid}:${createHash('md5').update(secret).digest('hex')}`);

/** The whole daemon with application 7, its REST interface and clients of all kinds. */
export class GobelieveScene {
  readonly daemon: TestDaemon;
  readonly #clients: GobelieveClient[] = [];
  readonly #connections: GobelieveConnection[] = [];
  #nextUid = 1000;

  private constructor(daemon: TestDaemon) {
    this.daemon = daemon;
  }

  static async start(
    config: Record<string, unknown> = {},
    ...overrides: Parameters<typeof startDaemon> extends [unknown?, ...infer Rest] ? Rest : never
  ): Promise<GobelieveScene> {
    const known = { apps: [{ appid, secret }], bots: [], im: { tcpPort: 0 } };
    return new GobelieveScene(await startDaemon({ ...known, ...config }, ...overrides));
  }

  get tcp(): Address {
    return { tcp: this.daemon.daemon.imPort ?? 0 };
  }

  get ws(): Address {
    return { ws: `${this.daemon.url.replace(/^http/, 'ws')}/ws` };
  }

  /** TCP sockets of this process, the server's and its clients'. */
  get sockets(): number {
    return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  }

  /** Of a user, logged in. */
  connectionsOf(uid: number): number {
    return this.daemon.daemon.core.im.hub.of(appid, uid).length;
  }

  /** Nobody has been this user before. */
  uid(): number {
    this.#nextUid += 1;
    return this.#nextUid;
  }

  /** As the application's server; answers `data`. @throws unless it succeeds */
  async rest(method: string, path: string, body?: unknown): Promise<Json> {
    const response = await fetch(`${this.daemon.url}${path}`, {
      method,
      headers: { authorization: `Basic ${basic.toString('base64')}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json: Json = await response.json();
    if (response.status === 200) return json.data;
    throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(json)}`);
  }

  async token(uid: number): Promise<string> {
    const { token } = await this.rest('POST', '/auth/grant', { uid });
    return token;
  }

  /** A device of a user, not connected. */
  async device(
    uid: number = this.uid(),
    options: Partial<Omit<ClientOptions, 'uid'>> = {},
  ): Promise<GobelieveClient> {
    const token = await this.token(uid);
    const client = new GobelieveClient({ address: this.tcp, appid, uid, token, ...options });
    this.#clients.push(client);
    return client;
  }

  /** A device of a user, connected and in step. */
  async online(
    uid: number = this.uid(),
    options: Partial<Omit<ClientOptions, 'uid'>> = {},
  ): Promise<GobelieveClient> {
    const client = await this.device(uid, options);
    await client.connect();
    await client.holds(0);
    return client;
  }

  /** A connection without manners of its own. */
  async raw(address: Address = this.tcp, version = 2): Promise<GobelieveConnection> {
    const connection = await GobelieveConnection.open(address, { version });
    this.#connections.push(connection);
    return connection;
  }

  /** The same, logged in but never having asked for anything. */
  async rawLogin(
    uid: number,
    address: Address = this.tcp,
    version = 2,
  ): Promise<GobelieveConnection> {
    const connection = await this.raw(address, version);
    connection.send(command.authToken, authBody(2, await this.token(uid), `raw ${uid}`));
    return connection;
  }

  /** A group of these users. */
  async group(members: readonly number[], isSuper = false): Promise<number> {
    const group = { master: members[0] ?? 1, name: '群', super: isSuper, members };
    const { group_id } = await this.rest('POST', '/groups', group);
    return group_id;
  }

  /** Ends all connections. @throws when any of them heard what the protocol does not allow */
  async hangUp(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.close();
    for (const connection of this.#connections.splice(0)) {
      await connection.close();
      if (connection.breach !== undefined) throw connection.breach;
    }
  }

  async close(): Promise<void> {
    await this.daemon.close();
  }
}

/** `count` texts that tell themselves apart. */
export function texts(count: number, word = '话'): string[] {
  return Array.from({ length: count }, (_, at) => `${word}${at + 1}`);
}
