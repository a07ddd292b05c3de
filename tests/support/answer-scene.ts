import { expect } from 'vitest';
import { parseConfig } from '../../config/config.ts';
import { type Sandbox, startSandbox } from '../../scripts/wechat-sandbox/sandbox.ts';
import { AdminClient } from './admin-client.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { eventually } from './eventually.ts';
import { ImbotClient } from './imbot-client.ts';
import { OfficialClient } from './official-client.ts';

export const mini = { appid: 'wxmini', secret: 'mini-secret', token: 'MMMMM' };
export const official = {
  ...{ appid: 'wxoff', secret: 'off-secret', token: 'OOOOO' },
  kind: 'official' as const,
};
const fields = { name1: 'sender', thing2: 'content', date3: 'time' };
const operator = { username: 'admin', password: 'test-password' };

/** An agent who answers users of a server that behaves like WeChat's, over the whole daemon. */
export class AnswerScene {
  readonly sandbox: Sandbox;
  readonly running: TestDaemon;
  readonly admin: AdminClient;
  readonly imbot: ImbotClient;
  readonly #settings: { wechat: unknown[] };
  #agent: OfficialClient | undefined;
  #users = 0;

  constructor(sandbox: Sandbox, running: TestDaemon, settings: { wechat: unknown[] }) {
    this.sandbox = sandbox;
    this.running = running;
    this.#settings = settings;
    this.admin = new AdminClient(() => running.url);
    this.imbot = new ImbotClient(() => running.url);
  }

  static async open(): Promise<AnswerScene> {
    const sandbox = await startSandbox({ accounts: [mini, official] });
    const settings: { wechat: unknown[] } = { wechat: accountsAt(sandbox.url) };
    const running: TestDaemon = await startDaemon(
      { bots: [], ...settings, imbot: { noticeWaitSeconds: 0 } },
      {
        reload: () =>
          parseConfig({ ...settings, admin: operator, dataDir: running.dataDir, bots: [] }),
      },
    );
    const scene = new AnswerScene(sandbox, running, settings);
    await scene.#enter();
    return scene;
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.sandbox.close();
  }

  /** Somebody new, with the agent before the screen. */
  async begin(): Promise<void> {
    this.#users += 1;
    this.sandbox.clearFaults();
    await this.comes();
  }

  /** The agent opens a socket. */
  async comes(): Promise<void> {
    this.#agent = await OfficialClient.open(this.running.url, 'userid=kim');
  }

  get agent(): OfficialClient {
    if (this.#agent === undefined) throw new Error('no agent');
    return this.#agent;
  }

  get openId(): string {
    return `oUser${this.#users}`;
  }

  async restart(): Promise<void> {
    await this.running.restart();
    await this.#enter();
  }

  /** The config is read again, with more said of the mini program, or without it. */
  async reload(more: object | 'without' = {}): Promise<void> {
    const [first = {}, ...others] = accountsAt(this.sandbox.url);
    this.#settings.wechat = more === 'without' ? others : [{ ...first, ...more }, ...others];
    await this.running.daemon.reload();
  }

  /** The user writes, and the agent has it. */
  async write(appid = mini.appid): Promise<void> {
    const before = this.agent.messages.length;
    await this.sandbox.say(this.openId, { text: '在吗' }, { appid });
    await this.agent.gets(before + 1);
  }

  answer(msg: Record<string, unknown>, msgType = 'text'): void {
    const data = { msg_type: msgType, contact_id: this.openId, msg };
    this.agent.ws.send(JSON.stringify({ data }));
  }

  /** What the user has seen, in order. */
  seen(): string[] {
    return this.sandbox.messages(this.openId).map(({ text, msgtype }) => text ?? msgtype);
  }

  async sees(...texts: string[]): Promise<void> {
    await eventually('the user to see it', () => this.seen().length >= texts.length);
    expect(this.seen()).toEqual(texts);
  }

  /** What the agent is told of answers that did not arrive. */
  notices(): Record<string, unknown>[] {
    return this.agent.frames
      .map(({ data }) => data.msg ?? {})
      .filter((msg) => msg['event'] === 'not_sent' && msg['contact_id'] === this.openId);
  }

  async #enter(): Promise<void> {
    const { sandbox, running, admin } = this;
    sandbox.setPush(`${running.url}/im_component/wx_official_account/push/{appid}`);
    await admin.login();
  }
}

function accountsAt(apiBase: string): object[] {
  const subscribe = { templateId: 'TPL', fields };
  return [
    { ...mini, apiBase, subscribe },
    { ...official, apiBase },
  ];
}
