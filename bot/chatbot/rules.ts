import { mostRules, type RuleSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { type RuleRow, RuleStore } from '../../store/rules.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import {
  inScope,
  type Matcher,
  matcherOf,
  type Rule,
  type RuleInput,
  reserved,
  ruleOf,
  saidIn,
} from './rule.ts';
import { StepBudget } from './safe-pattern.ts';

export type { Rule, RuleInput } from './rule.ts';

export interface RuleHit {
  rule: Rule;
}

/** What a trial says of each rule that could have a say. */
export interface RuleTrial {
  hit: Rule | undefined;
  /** All that match, the one that answers first. */
  matching: Rule[];
}

/** Steps for all regular expressions of one message: some milliseconds. */
const mostSteps = 300_000;
/** One line a minute says that there were too many steps: anybody can cause them. */
const silentMs = 60_000;

/** Answers by keyword, in memory: asked for every message before anything else is. */
export class Rules {
  readonly #store: RuleStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rules = new Map<number, { rule: Rule; matches: Matcher }>();
  /** By priority; undefined: to be put in order again. */
  #sorted: { rule: Rule; matches: Matcher }[] | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: { db: Database; vault: Vault; clock: Clock; logger: Logger }) {
    this.#store = new RuleStore(parts.db, parts.vault);
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  async start(config: readonly RuleSettings[]): Promise<void> {
    this.#rules.clear();
    for (const row of await this.#store.all()) {
      try {
        this.#put(ruleOf(row));
      } catch (error) {
        // What a newer or older version took: it waits there, and does nothing.
        this.#logger.warn({ err: error, rule: row.name }, 'a rule is not understood');
      }
    }
    await this.applyConfig(config);
  }

  /** Rules of the config: what it names no more goes, what stays keeps its number and its hits. */
  async applyConfig(config: readonly RuleSettings[]): Promise<void> {
    for (const settings of config) matcherOf(settings);
    const now = this.#clock.now();
    const all = this.list();
    const old = all.filter(({ source }) => source === 'config');
    if (all.length - old.length + config.length > mostRules) throw tooMany();
    const named = new Set(config.map(({ name }) => name));
    await this.#store.db.transaction(async (tx) => {
      for (const { id, name } of old) {
        if (named.has(name)) continue;
        await this.#store.remove(tx, id);
        tx.onDurable(() => this.#drop(id));
      }
      for (const settings of config) {
        const before = old.find(({ name }) => name === settings.name);
        const columns = columnsOf(settings, now);
        if (before === undefined) {
          const row = await this.#store.add(tx, { ...columns, source: 'config', created_at: now });
          tx.onDurable(() => this.#put(ruleOf(row)));
        } else if (!isSame(before, settings)) {
          await this.#store.change(tx, before.id, columns);
          tx.onDurable(() => this.#put({ ...before, ...settings, updatedAt: now }));
        }
      }
    });
  }

  /** The rule that answers; undefined: none. */
  match(input: RuleInput): RuleHit | undefined {
    for (const rule of this.#matching(input)) return { rule };
    return undefined;
  }

  /** It was the answer: counted. */
  answered(id: number): void {
    this.#hit(id).catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'an answer by a rule was not counted');
    });
  }

  /** What would answer, and what else matches. */
  test(input: RuleInput): RuleTrial {
    const matching = [...this.#matching(input)];
    return { hit: matching[0], matching };
  }

  /** In the order in which they are asked. */
  list(): Rule[] {
    return this.#order().map(({ rule }) => rule);
  }

  get(id: number): Rule | undefined {
    return this.#rules.get(id)?.rule;
  }

  /** @throws AppError field_value (pattern), conflict */
  async add(settings: RuleSettings): Promise<Rule> {
    matcherOf(settings);
    if (this.#rules.size >= mostRules) throw tooMany();
    this.#assertFree(settings.name);
    const now = this.#clock.now();
    return await this.#store.db.transaction(async (tx) => {
      const columns = columnsOf(settings, now);
      const row = await this.#store.add(tx, { ...columns, source: 'admin', created_at: now });
      tx.onDurable(() => this.#put(ruleOf(row)));
      return ruleOf(row);
    });
  }

  /** @throws AppError not_found, conflict (of the config), field_value */
  async update(id: number, change: Partial<RuleSettings>): Promise<Rule> {
    const before = this.#changeable(id);
    const { name, kind, pattern, scope, priority, reply, enabled } = { ...before, ...change };
    const settings = { name, kind, pattern, scope, priority, reply, enabled };
    matcherOf(settings);
    if (name !== before.name) this.#assertFree(name);
    const now = this.#clock.now();
    const after = { ...before, ...settings, updatedAt: now };
    await this.#store.db.transaction(async (tx) => {
      await this.#store.change(tx, id, columnsOf(settings, now));
      tx.onDurable(() => this.#put(after));
    });
    return after;
  }

  /** @throws AppError not_found, conflict (of the config) */
  async remove(id: number): Promise<void> {
    this.#changeable(id);
    await this.#store.db.transaction(async (tx) => {
      await this.#store.remove(tx, id);
      tx.onDurable(() => this.#drop(id));
    });
  }

  async #hit(id: number): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      await this.#store.addHits(tx, id, 1);
      tx.onDurable(() => {
        const known = this.#rules.get(id);
        if (known !== undefined) known.rule.hits += 1;
      });
    });
  }

  *#matching(input: RuleInput): Generator<Rule> {
    const said = saidIn(input.text);
    if (said.bare === reserved) return;
    const budget = new StepBudget(mostSteps);
    const givenUp: number[] = [];
    try {
      for (const { rule, matches } of this.#order()) {
        if (!rule.enabled || !inScope(rule.scope, input)) continue;
        const answer = matches(said, budget);
        if (answer === true) yield rule;
        if (answer === undefined) givenUp.push(rule.id);
      }
    } finally {
      if (givenUp.length > 0) this.#tellGivenUp(givenUp);
    }
  }

  #tellGivenUp(ids: readonly number[]): void {
    const now = this.#clock.now();
    if (now - this.#toldAt < silentMs) return;
    this.#toldAt = now;
    this.#logger.warn(
      { rules: ids.length, first: ids[0] },
      'rules were given up: their patterns take too long together',
    );
  }

  /** By its name a rule is told apart in lists and traces. @throws AppError conflict */
  #assertFree(name: string): void {
    const other = this.list().find((rule) => rule.name === name);
    if (other === undefined) return;
    const text = {
      zh: `name：规则 ${other.id} 已叫“${name}”`,
      en: `name: rule ${other.id} is called “${name}” already`,
    };
    throw new AppError('conflict', text, { field: 'name' });
  }

  #changeable(id: number): Rule {
    const rule = this.#rules.get(id)?.rule;
    if (rule === undefined) {
      throw new AppError('not_found', { zh: `没有规则 ${id}`, en: `there is no rule ${id}` });
    }
    if (rule.source === 'config') {
      throw new AppError('conflict', {
        zh: `规则 ${id} 来自配置文件，请在那里修改`,
        en: `rule ${id} is of the config file: change it there`,
      });
    }
    return rule;
  }

  #put(rule: Rule): void {
    this.#rules.set(rule.id, { rule, matches: matcherOf(rule) });
    this.#sorted = undefined;
  }

  #drop(id: number): void {
    this.#rules.delete(id);
    this.#sorted = undefined;
  }

  #order(): { rule: Rule; matches: Matcher }[] {
    this.#sorted ??= [...this.#rules.values()].sort(
      (a, b) => b.rule.priority - a.rule.priority || a.rule.id - b.rule.id,
    );
    return this.#sorted;
  }
}

function tooMany(): AppError {
  return new AppError('conflict', {
    ...{ zh: `最多 ${mostRules} 条规则`, en: `at most ${mostRules} rules` },
  });
}

function columnsOf(
  settings: RuleSettings,
  now: number,
): Omit<RuleRow, 'id' | 'hits' | 'source' | 'created_at'> {
  const { name, kind, pattern, priority } = settings;
  return {
    ...{ name, kind, pattern, priority, updated_at: now },
    scope: JSON.stringify(settings.scope),
    reply: JSON.stringify(settings.reply),
    enabled: settings.enabled ? 1 : 0,
  };
}

function isSame(rule: Rule, settings: RuleSettings): boolean {
  const { name, kind, pattern, scope, priority, reply, enabled } = rule;
  const before = { name, kind, pattern, scope, priority, reply, enabled };
  return JSON.stringify(columnsOf(before, 0)) === JSON.stringify(columnsOf(settings, 0));
}
