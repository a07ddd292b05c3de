import { createHash } from 'node:crypto';

/** What every account finds when it logs in for the first time. */
export const firstRooms: readonly { topic: string; members: readonly string[] }[] = [
  { topic: '测试群', members: ['张三', '李四', '王五'] },
  { topic: '项目通知群', members: ['张三', '赵六', '孙倩', '周婷'] },
];
export const firstContacts: readonly string[] = ['张三', '李四', '客户小陈'];

export function mainAccountName(botcode: string): string {
  return `模拟微信 ${botcode}`;
}

export function otherAccountName(botcode: string): string {
  return `另一个微信 ${botcode}`;
}

/** Ids of a world: the same seed and the same steps give the same ones, two bots never share any. */
export class Ids {
  readonly #salt: string;
  readonly #prefix: string;

  constructor(botcode: string, seed: number | undefined) {
    this.#salt = `${seed ?? ''}:${botcode}`;
    this.#prefix = this.#digest('world', 0, 6);
  }

  account(name: string): string {
    return `wxid_sim${this.#digest(`account:${name}`, 0, 10)}`;
  }

  person(count: number): string {
    return `sim_${this.#digest('person', count, 12)}`;
  }

  room(count: number): string {
    return `sim-${this.#digest('room', count, 12)}@chatroom`;
  }

  message(count: number): string {
    return `sim-${this.#prefix}-${count}`;
  }

  /** `key`: what makes this token differ from the others of its kind. */
  token(kind: 'qr' | 'session', key: string): string {
    return this.#digest(`${kind}:${key}`, 0, 24);
  }

  #digest(kind: string, count: number, length: number): string {
    return createHash('sha256')
      .update(`${this.#salt}:${kind}:${count}`)
      .digest('hex')
      .slice(0, length);
  }
}
