import { VirtualClock } from '../../bot/clock.ts';
import { type Asked, errcode, WechatListener } from './wechat-listener.ts';
import { WechatRig } from './wechat-rig.ts';

/** The outbox to a WeChat whose answers a test writes, on a clock that is driven. */
export class OutboxScene {
  /** When it begins. */
  static readonly start = 1_790_000_000_000;
  readonly clock: VirtualClock;
  readonly listener: WechatListener;
  readonly rig: WechatRig;

  constructor(clock: VirtualClock, listener: WechatListener, rig: WechatRig) {
    this.clock = clock;
    this.listener = listener;
    this.rig = rig;
  }

  static async open(): Promise<OutboxScene> {
    const clock = new VirtualClock(OutboxScene.start);
    const listener = await WechatListener.open();
    const rig = await WechatRig.open({ apiBase: listener.url, clock });
    return new OutboxScene(clock, listener, rig);
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.listener.close();
  }

  /** Calls that send something to a user. */
  sent(): Asked[] {
    return this.listener.calls('custom/send');
  }

  /** What users were sent, in order, as `user text`. */
  said(): string[] {
    return this.sent().map(({ text }) => {
      const body = JSON.parse(text) as { touser: string; text?: { content: string } };
      return `${body.touser} ${body.text?.content}`;
    });
  }

  /** Of what the agent was told that it was not sent, and why. */
  async reasons(): Promise<string[]> {
    return (await this.rig.told()).map(({ messageId, reason }) => `${messageId} ${reason}`);
  }

  /** WeChat answers these, one after another, then ok. */
  answers(...codes: number[]): void {
    this.listener.answer = () => {
      const code = codes.shift();
      return code === undefined ? {} : errcode(code, `words of ${code}`);
    };
  }

  /** How many sends each window of a user still allows. */
  async left(openId = 'oA'): Promise<(number | null)[]> {
    return (await this.rig.wechat.windows.list('wx1', openId)).map((one) => one.left);
  }
}
