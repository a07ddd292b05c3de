import type { ImGroupStore } from '../../store/im-groups.ts';
import { LiveGroup } from './group.ts';

interface Entry {
  group: LiveGroup;
  /** Asked for since it was last passed over. */
  used: boolean;
}

/**
 * Groups in memory, bounded by their members together. Those not asked for lately leave first; that
 * they were is a mark, so that finding one is no more than a look into the map.
 */
export class GroupCache {
  /** Whoever is passed over goes to the end. */
  readonly #groups = new Map<number, Entry>();
  readonly #store: ImGroupStore;
  readonly #most: number;
  readonly #loading = new Map<number, Promise<LiveGroup | undefined>>();
  #weight = 0;

  constructor(store: ImGroupStore, most: number) {
    this.#store = store;
    this.#most = most;
  }

  /** Members of all groups in memory, and the groups themselves. */
  get weight(): number {
    return this.#weight;
  }

  peek(gid: number): LiveGroup | undefined {
    const entry = this.#groups.get(gid);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry.group;
  }

  /** From memory or from disk. */
  async get(gid: number): Promise<LiveGroup | undefined> {
    const here = this.peek(gid);
    if (here !== undefined) return here;
    let loading = this.#loading.get(gid);
    if (loading === undefined) {
      loading = this.#load(gid).finally(() => this.#loading.delete(gid));
      this.#loading.set(gid, loading);
    }
    return await loading;
  }

  /** One that is there already is as fresh, and stays. */
  add(group: LiveGroup): void {
    if (this.#groups.has(group.gid)) return;
    this.#groups.set(group.gid, { group, used: true });
    this.#weight += weightOf(group);
    this.#trim();
  }

  /** Changes it if it is here; whoever reads it later finds the change on disk. */
  change(gid: number, work: (group: LiveGroup) => void): void {
    const group = this.#groups.get(gid)?.group;
    if (group === undefined) return;
    this.#weight -= weightOf(group);
    work(group);
    this.#weight += weightOf(group);
    this.#trim();
  }

  remove(gid: number): void {
    const group = this.#groups.get(gid)?.group;
    if (group === undefined) return;
    this.#groups.delete(gid);
    this.#weight -= weightOf(group);
  }

  /** In its turn with the changes: what came before is read, what follows is heard of. */
  async #load(gid: number): Promise<LiveGroup | undefined> {
    const read = await this.#store.db.transaction(async (tx) => {
      // Who asks from then on asks anew.
      tx.onDurable(() => this.#loading.delete(gid));
      const row = await this.#store.get(tx, gid);
      if (row === undefined) return undefined;
      const group = new LiveGroup(row, await this.#store.members(tx, gid));
      tx.onDurable(() => this.add(group));
      return group;
    });
    return read === undefined ? undefined : (this.peek(gid) ?? read);
  }

  #trim(): void {
    for (const [gid, entry] of this.#groups) {
      // The last one stays however large it is.
      if (this.#weight <= this.#most || this.#groups.size === 1) return;
      this.#groups.delete(gid);
      if (entry.used) {
        entry.used = false;
        this.#groups.set(gid, entry);
      } else {
        this.#weight -= weightOf(entry.group);
      }
    }
  }
}

function weightOf(group: LiveGroup): number {
  return group.members.size + 1;
}
