import { createHash } from 'node:crypto';
import { type Sandbox, startSandbox } from '../../scripts/wechat-sandbox/sandbox.ts';
import { AdminClient } from './admin-client.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { eventually } from './eventually.ts';
import { GobelieveClient } from './gobelieve-client.ts';
import { OfficialClient } from './official-client.ts';

const account = { appid: 'wx0123456789abcdef', secret: 'secret', token: 'token' };

/**
 * Customer service over the whole daemon: customers come by WeChat, the mini-program IM and
 * GoBelieve; agents look at a GoBelieve client, a socket and the queues of the mini-program IM.
 */
export class ServiceScene {
  readonly sandbox: Sandbox;
  readonly running: TestDaemon;
  readonly admin: AdminClient;
  /** The desk that was opened last. */
  storeId = 0;

  constructor(sandbox: Sandbox, running: TestDaemon) {
    this.sandbox = sandbox;
    this.running = running;
    this.admin = new AdminClient(() => running.url);
  }

  static async open(): Promise<ServiceScene> {
    const sandbox = await startSandbox({ accounts: [{ ...account, kind: 'miniprogram' }] });
    const running = await startDaemon({
      bots: [],
      apps: [
        { appid: 7, secret: 'secret' },
        { appid: 8, secret: 'secret' },
      ],
      im: { tcpPort: 0 },
      wechat: [{ ...account, apiBase: sandbox.url }],
    });
    const scene = new ServiceScene(sandbox, running);
    await scene.#enter();
    return scene;
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.sandbox.close();
  }

  async restart(): Promise<void> {
    await this.running.restart();
    await this.#enter();
  }

  async openDesk(...uids: number[]): Promise<void> {
    const { admin } = this;
    const { body } = await admin.ok('POST', '/im/desks', { appid: 7, name: '客服' });
    this.storeId = body.storeId;
    for (const uid of uids) {
      await admin.ok('PUT', `/im/desks/${this.storeId}/sellers/${uid}`, { status: 'online' });
    }
    await admin.ok('PATCH', '/im/apps/8', { storeId: this.storeId });
  }

  async closeDesks(): Promise<void> {
    for (const { storeId } of (await this.admin.ok('GET', '/im/desks')).body.items) {
      await this.admin.ok('PATCH', '/im/apps/8', { storeId: null });
      await this.admin.ok('DELETE', `/im/desks/${storeId}`);
    }
  }

  async gobelieve(appid: number, uid: number): Promise<GobelieveClient> {
    const secret = createHash('md5').update('secret').digest('hex');
    const response = await fetch(`${this.running.url}/auth/grant`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${appid}:${secret}`).toString('base64')}` },
      body: JSON.stringify({ uid }),
    });
    const { data } = (await response.json()) as { data: { token: string } };
    const address = { tcp: this.running.daemon.imPort ?? 0 };
    const client = new GobelieveClient({ address, appid, uid, token: data.token });
    await client.connect();
    await client.holds(0);
    return client;
  }

  socket(name: string): Promise<OfficialClient> {
    return OfficialClient.open(this.running.url, `userid=${name}`);
  }

  /** What a user of WeChat was answered, once it is so much. */
  async seenBy(openid: string, count: number): Promise<unknown[]> {
    const custom = () => this.sandbox.messages(openid).filter((one) => one.via === 'custom');
    await eventually(`${count} answers`, () => custom().length >= count);
    return custom().map((one) => one.text);
  }

  async #enter(): Promise<void> {
    this.sandbox.setPush(`${this.running.url}/api/imbot/wechat/customer`);
    await this.admin.login();
  }
}
