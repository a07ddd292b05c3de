import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Vault } from '../../config/secrets.ts';
import type { Tx } from '../../store/database.ts';
import type { ImAppRow, ImAppStore } from '../../store/im-apps.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';

/** A third-party application. */
export interface App {
  appid: number;
  name: string;
  /** The desk that its customers reach first. */
  storeId: number | undefined;
  /** Behind it inboxes begin that have no message yet: clients may hold keys of another server. */
  firstKey: number;
  source: 'config' | 'admin';
}

/** As the config file declares it. */
export interface ConfiguredApp {
  appid: number;
  secret: string;
  firstKey?: number | undefined;
}

interface LiveApp extends App {
  /** Lower-case hex MD5 of the secret: what servers send. */
  secretMd5: string;
  appKey: string;
}

/** All applications, in memory and durable; secrets lie sealed. */
export class Apps {
  readonly #store: ImAppStore;
  readonly #vault: Vault;
  readonly #clock: Clock;
  #apps = new Map<number, LiveApp>();

  constructor(options: { store: ImAppStore; vault: Vault; clock: Clock }) {
    this.#store = options.store;
    this.#vault = options.vault;
    this.#clock = options.clock;
  }

  async start(): Promise<void> {
    await this.#store.db.transaction((tx) => this.#reload(tx));
  }

  /** Makes the applications of the config file what the file says; those that left it are removed. */
  async applyConfig(list: readonly ConfiguredApp[]): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      const named = new Set(list.map((one) => one.appid));
      for (const row of await this.#store.all(tx)) {
        if (row.source === 'config' && !named.has(row.appid)) {
          await this.#store.remove(tx, row.appid);
        }
      }
      for (const { appid, secret, firstKey } of list) {
        const before = await this.#store.find(tx, appid);
        await this.#put(tx, appid, { secret, firstKey, source: 'config' }, before);
      }
      await this.#reload(tx);
    });
  }

  get(appid: number): App | undefined {
    return this.#apps.get(appid);
  }

  list(): App[] {
    return [...this.#apps.values()].map(viewOf);
  }

  /** What its clients carry openly; empty when there is no such application. */
  appKeyOf(appid: number): string {
    return this.#apps.get(appid)?.appKey ?? '';
  }

  /** Whether this is the hex MD5 of the application's secret. */
  isSecret(appid: number, md5: string): boolean {
    const app = this.#apps.get(appid);
    return app !== undefined && same(app.secretMd5, md5.toLowerCase());
  }

  /** What an application's clients carry openly; upper and lower case are the same. */
  isAppKey(appid: number, key: string): boolean {
    const app = this.#apps.get(appid);
    return app !== undefined && same(app.appKey.toLowerCase(), key.toLowerCase());
  }

  /** @throws AppError conflict (the appid is taken) */
  async add(input: {
    appid: number;
    name?: string;
    secret?: string;
    firstKey?: number;
  }): Promise<{ app: App; secret: string; appKey: string }> {
    const { appid, name, secret = makeSecret(), firstKey } = input;
    await this.#store.db.transaction(async (tx) => {
      if ((await this.#store.find(tx, appid)) !== undefined) throw taken(appid);
      const given = { secret, firstKey, source: 'admin', ...(name && { name }) } as const;
      await this.#put(tx, appid, given, undefined);
      await this.#reload(tx);
    });
    const app = this.#known(appid);
    return { app: viewOf(app), secret, appKey: app.appKey };
  }

  /** @throws AppError not_found, field_value (the first key is lower than before) */
  async update(
    appid: number,
    patch: { name?: string; storeId?: number | null; firstKey?: number },
  ): Promise<App> {
    await this.#store.db.transaction(async (tx) => {
      const row = await this.#row(tx, appid);
      const { name = row.name, storeId = row.store_id, firstKey = row.first_key } = patch;
      if (firstKey < row.first_key) throw lowered(row.first_key);
      await this.#store.put(tx, { ...row, name, store_id: storeId, first_key: firstKey });
      await this.#reload(tx);
    });
    return viewOf(this.#known(appid));
  }

  /** @throws AppError not_found, conflict (declared in the config file) */
  async remove(appid: number): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      requireAdmin(await this.#row(tx, appid));
      await this.#store.remove(tx, appid);
      await this.#reload(tx);
    });
  }

  /** @throws AppError not_found, conflict (declared in the config file) */
  async rotateSecret(appid: number): Promise<string> {
    const secret = makeSecret();
    await this.#store.db.transaction(async (tx) => {
      const row = await this.#row(tx, appid);
      requireAdmin(row);
      await this.#store.put(tx, { ...row, secret: this.#vault.seal(secret) });
      await this.#reload(tx);
    });
    return secret;
  }

  async #put(
    tx: Tx,
    appid: number,
    given: {
      secret: string;
      source: 'config' | 'admin';
      name?: string;
      firstKey: number | undefined;
    },
    before: ImAppRow | undefined,
  ): Promise<void> {
    await this.#store.put(tx, {
      appid,
      name: given.name ?? before?.name ?? `app ${appid}`,
      secret: this.#vault.seal(given.secret),
      app_key: before?.app_key ?? this.#vault.seal(makeSecret()),
      store_id: before?.store_id ?? null,
      // Never lower: who was told a place would be told of nothing before it.
      first_key: Math.max(before?.first_key ?? 0, given.firstKey ?? 0),
      source: given.source,
      created_at: before?.created_at ?? this.#clock.now(),
    });
  }

  /** Reads all of them as the transaction leaves them; they count once that is on disk. */
  async #reload(tx: Tx): Promise<void> {
    const apps = new Map<number, LiveApp>();
    for (const row of await this.#store.all(tx)) {
      apps.set(row.appid, {
        appid: row.appid,
        name: row.name,
        storeId: row.store_id ?? undefined,
        firstKey: row.first_key,
        source: row.source,
        secretMd5: hash('md5', this.#vault.open(row.secret)),
        appKey: row.app_key === null ? '' : this.#vault.open(row.app_key),
      });
    }
    tx.onDurable(() => {
      this.#apps = apps;
    });
  }

  async #row(tx: Tx, appid: number): Promise<ImAppRow> {
    const row = await this.#store.find(tx, appid);
    if (row === undefined) throw unknown(appid);
    return row;
  }

  #known(appid: number): LiveApp {
    const app = this.#apps.get(appid);
    if (app === undefined) throw unknown(appid);
    return app;
  }
}

function viewOf({ appid, name, storeId, firstKey, source }: LiveApp): App {
  return { appid, name, storeId, firstKey, source };
}

function makeSecret(): string {
  return randomBytes(18).toString('base64url');
}

function same(expected: string, given: string): boolean {
  const one = Buffer.from(expected, 'utf8');
  const other = Buffer.from(given, 'utf8');
  return one.length > 0 && one.length === other.length && timingSafeEqual(one, other);
}

function requireAdmin(row: ImAppRow): void {
  if (row.source === 'admin') return;
  throw new AppError('conflict', {
    zh: `应用 ${row.appid} 由配置文件声明，请在配置文件中修改`,
    en: `application ${row.appid} is declared in the config file: change it there`,
  });
}

function lowered(firstKey: number): AppError {
  return new AppError(
    'field_value',
    {
      zh: `firstKey: 只能调高，现为 ${firstKey}`,
      en: `firstKey: can only be raised, it is ${firstKey}`,
    },
    { field: 'firstKey' },
  );
}

function taken(appid: number): AppError {
  return new AppError('conflict', {
    zh: `应用 ${appid} 已存在`,
    en: `application ${appid} exists already`,
  });
}

function unknown(appid: number): AppError {
  return new AppError('not_found', {
    zh: `没有应用 ${appid}`,
    en: `there is no application ${appid}`,
  });
}
