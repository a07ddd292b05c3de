import type { ImbotUserRow, ImbotUserStore } from '../../store/imbot-users.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';

/** B: business, who answers; C: customer. */
export const roles = ['B', 'C'] as const;
export type Role = (typeof roles)[number];

export interface ImbotUser {
  id: string;
  role: Role;
  /** Profile at WeChat: nickName, gender, avatarUrl and whatever else was told. */
  wechat: Record<string, unknown>;
}

export interface ImbotUserView extends ImbotUser {
  createdAt: number;
  updatedAt: number;
}

/** Largest profile, as JSON. */
const mostBytes = 16_384;

/** Users of the mini-program IM. Who never told of himself can write and be written to all the same. */
export class ImbotUsers {
  readonly #store: ImbotUserStore;
  readonly #clock: Clock;
  readonly #business = new Set<string>();

  constructor({ store, clock }: { store: ImbotUserStore; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    for (const { id } of await this.#store.ofRole('B')) this.#business.add(id);
  }

  /** Whether somebody answers customers, as far as is on disk. */
  isBusiness(id: string): boolean {
    return this.#business.has(id);
  }

  /**
   * Adds a user or changes what is told; what is left out stays.
   * @param may who tells of himself does not choose his role
   * @throws AppError too_large, forbidden
   */
  async put(
    user: Partial<ImbotUser> & Pick<ImbotUser, 'id'>,
    may: 'any' | 'same role' = 'any',
  ): Promise<ImbotUser> {
    const { id, role, wechat } = user;
    return await this.#store.db.transaction(async (tx) => {
      const before = await this.#store.findIn(tx, id);
      const known = before === undefined ? undefined : viewOf(before);
      if (may === 'same role' && role !== undefined && role !== (known?.role ?? 'C')) {
        throw noRole();
      }
      const now = this.#clock.now();
      const changed: ImbotUser = {
        id,
        role: role ?? known?.role ?? 'C',
        wechat: { ...known?.wechat, ...wechat },
      };
      const text = JSON.stringify(changed.wechat);
      if (Buffer.byteLength(text) > mostBytes) throw tooLarge();
      await this.#store.put(tx, {
        id,
        role: changed.role,
        wechat: text,
        created_at: before?.created_at ?? now,
        updated_at: now,
      });
      tx.onDurable(() => {
        if (changed.role === 'B') this.#business.add(id);
        else this.#business.delete(id);
      });
      return changed;
    });
  }

  async get(id: string): Promise<ImbotUserView | undefined> {
    const row = await this.#store.get(id);
    return row === undefined ? undefined : viewOf(row);
  }

  /** By id, those behind `after`; all, or those whose id or profile holds the text. */
  async list(page: { text?: string; after?: string; limit: number }): Promise<ImbotUserView[]> {
    return (await this.#store.search(page.text ?? '', page.after ?? '', page.limit)).map(viewOf);
  }

  /** What a user is called, and looks like. */
  async profile(id: string): Promise<{ name: string | undefined; avatar: string | undefined }> {
    const { nickName, avatarUrl } = (await this.get(id))?.wechat ?? {};
    return { name: textOf(nickName), avatar: textOf(avatarUrl) };
  }
}

function viewOf(row: ImbotUserRow): ImbotUserView {
  return {
    id: row.id,
    role: row.role === 'B' ? 'B' : 'C',
    // Written by us.
    wechat: JSON.parse(row.wechat) as Record<string, unknown>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function noRole(): AppError {
  const text = {
    zh: 'role：该访问令牌不能设置角色',
    en: 'role: this access token may not choose it',
  };
  return new AppError('forbidden', text, { field: 'role' });
}

function tooLarge(): AppError {
  return new AppError(
    'too_large',
    { zh: `wechat 超过 ${mostBytes} 字节`, en: `wechat is larger than ${mostBytes} bytes` },
    { field: 'wechat' },
  );
}
