import { Cipher } from '../../bot/wechat/cipher.ts';
import { signatureOf } from '../../bot/wechat/signature.ts';
import { buildXml, type XmlFields } from '../../bot/wechat/xml.ts';

/** Accounts as the config has them: one of each mode. */
export const pushAccounts = [
  { appid: 'wxplain', token: 'plainToken', kind: 'official' },
  { appid: 'wxsecure', token: 'secureToken', encodingAesKey: 'a'.repeat(43), kind: 'miniprogram' },
  {
    ...{ appid: 'wxboth', token: 'bothToken', encodingAesKey: 'b'.repeat(43) },
    ...{ kind: 'official', mode: 'compatible' },
  },
] as const;
type PushAccount = (typeof pushAccounts)[number];

/** What is pushed, and how it stands with it. */
interface Pending {
  /** What makes it one of its kind; found again in what the daemon keeps of it. */
  mark: string;
  fields: XmlFields;
  tries: number;
}

/**
 * A user who writes one thing after the other, over all lives of the daemon. WeChat comes again
 * with what was not answered, and gives up at some time.
 */
export class PushUser {
  readonly openId: string;
  /** Answered `success`, in their order. */
  readonly promised: string[] = [];
  /** Given up: may have been taken or not. */
  readonly unsure = new Set<string>();
  readonly broken: string[] = [];
  readonly #account: PushAccount;
  readonly #random: () => number;
  #count = 0;
  #pending: Pending | undefined;

  constructor(number: number, random: () => number) {
    this.openId = `u${number}`;
    this.#account = pushAccounts[number % pushAccounts.length] ?? pushAccounts[0];
    this.#random = random;
  }

  get appid(): string {
    return this.#account.appid;
  }

  /**
   * Writes until the daemon is gone.
   * @param onAnswered called for each that was answered
   * @param most so many at most
   */
  async write(
    port: number,
    onAnswered: () => void,
    most = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    for (let count = 0; count < most; count += 1) {
      this.#pending ??= this.#next();
      const { mark } = this.#pending;
      const answers = await this.#deliver(port, this.#pending);
      if (!answers.includes('success')) return this.#leave(this.#pending, answers);
      this.promised.push(mark);
      this.#pending = undefined;
      onAnswered();
    }
  }

  /** What was under way when the daemon died comes again, until it is answered. */
  async finish(port: number): Promise<void> {
    if (this.#pending !== undefined) await this.write(port, () => {}, 1);
  }

  #leave(pending: Pending, answers: (string | undefined)[]): void {
    const wrong = answers.find((one) => one !== undefined);
    if (wrong !== undefined) this.broken.push(`${pending.mark} was answered: ${wrong}`);
    pending.tries += 1;
    if (pending.tries < 3 && this.#random() < 0.8) return;
    this.unsure.add(pending.mark);
    this.#pending = undefined;
  }

  /** @returns what was answered; undefined: nothing. Now and then two tries cross. */
  async #deliver(port: number, { fields }: Pending): Promise<(string | undefined)[]> {
    const tries = this.#random() < 0.2 ? 2 : 1;
    return await Promise.all(Array.from({ length: tries }, () => this.#post(port, fields)));
  }

  async #post(port: number, fields: XmlFields): Promise<string | undefined> {
    const { query, body } = this.#sealed(fields);
    const path = `/im_component/wx_official_account/push/${this.appid}`;
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}?${query}`, {
        method: 'POST',
        body,
      });
      const text = await response.text();
      return response.ok ? text : `${response.status} ${text}`;
    } catch {
      return undefined;
    }
  }

  #next(): Pending {
    this.#count += 1;
    const mark = `${this.openId}-${this.#count}`;
    const chance = this.#random();
    const said: XmlFields =
      chance < 0.7
        ? { MsgType: 'text', Content: `你好 ${mark}` }
        : chance < 0.85
          ? { MsgType: 'image', MediaId: mark, PicUrl: 'http://127.0.0.1:9/gone' }
          : { MsgType: 'event', Event: 'CLICK', EventKey: mark };
    const fields: XmlFields = {
      ToUserName: 'gh_1',
      FromUserName: this.openId,
      CreateTime: 1_790_000_000 + Math.floor(this.#count / 3),
      ...said,
      ...(said['MsgType'] !== 'event' && { MsgId: this.#count }),
    };
    return { mark, fields, tries: 0 };
  }

  /** Signed and encrypted anew for each try, as WeChat does. */
  #sealed(fields: XmlFields): { query: URLSearchParams; body: string } {
    const { token, appid } = this.#account;
    const timestamp = String(1_790_000_000 + Math.floor(this.#random() * 1e6));
    const nonce = String(Math.floor(this.#random() * 1e9));
    const query = { timestamp, nonce, signature: signatureOf([token, timestamp, nonce]) };
    const spell = (all: XmlFields): string =>
      appid === 'wxsecure' ? JSON.stringify(all) : buildXml(all);
    if (!('encodingAesKey' in this.#account)) {
      return { query: new URLSearchParams(query), body: spell(fields) };
    }
    const encrypt = new Cipher(this.#account.encodingAesKey, appid).encrypt(spell(fields));
    const outer = appid === 'wxsecure' ? { ToUserName: 'gh_1' } : fields;
    const msg_signature = signatureOf([token, timestamp, nonce, encrypt]);
    return {
      query: new URLSearchParams({ ...query, encrypt_type: 'aes', msg_signature }),
      body: spell({ ...outer, Encrypt: encrypt }),
    };
  }
}
