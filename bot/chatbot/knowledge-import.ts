import { createHash } from 'node:crypto';
import type { Tx } from '../../store/database.ts';
import type { KbFilter, KnowledgeStore } from '../../store/knowledge.ts';
import type { Clock } from '../clock.ts';
import type { Text } from '../errors.ts';
import { type EntryDraft, faultOf } from './entry.ts';
import type { KnowledgeEntries } from './knowledge-entries.ts';
import { type KnowledgeFormat, readFileRows } from './knowledge-files.ts';

export interface ImportOptions {
  format: KnowledgeFormat;
  text: string;
  kb: string;
  /** Where it comes from: what the same source said before is found again by its question. */
  source: string;
  /** Entries of this source that the text does not hold are removed, unless it has faults. */
  replace: boolean;
  /** Title of what has none. */
  name: string;
}

export interface ImportReport {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  /** Lines that were left out. */
  faulty: number;
  /** The first of them. */
  faults: { line: number; text: Text }[];
  /** Entries that another source has word for word, and which. */
  repeated: { source: string; entries: number }[];
}

/** So long one transaction goes on, ms: the event loop waits for it. */
const slice = 2.5;
const mostFaults = 100;
const page = 500;
/** So many other sources are asked whether they have the same. */
const mostSources = 16;

/** Takes entries from files, in transactions so small that nobody waits for them. */
export class KnowledgeImport {
  readonly #store: KnowledgeStore;
  readonly #entries: KnowledgeEntries;
  readonly #clock: Clock;

  constructor(store: KnowledgeStore, entries: KnowledgeEntries, clock: Clock) {
    this.#store = store;
    this.#entries = entries;
    this.#clock = clock;
  }

  async run(options: ImportOptions, signal: AbortSignal): Promise<ImportReport> {
    const { format, text, name, source } = options;
    const report: ImportReport = {
      ...{ added: 0, changed: 0, unchanged: 0, removed: 0, faulty: 0, faults: [], repeated: [] },
    };
    const known = await this.#store.sources(mostSources + 1);
    const others = known.filter((one) => one !== source).slice(0, mostSources);
    const taking = new Taking(report, others);
    const rows = readFileRows(format, text, name);
    for (let done = false; !done && !signal.aborted; ) {
      await this.#store.db.transaction(async (tx) => {
        const began = performance.now();
        do {
          const next = rows.next();
          done = next.done === true;
          if (next.done === true) break;
          if (next.value === undefined) continue;
          const { line } = next.value;
          if ('fault' in next.value) taking.fault(line, next.value.fault);
          else await this.#take(tx, taking, line, { ...next.value.draft, kb: options.kb }, source);
        } while (performance.now() - began < slice);
      });
    }
    if (options.replace && report.faulty === 0 && !signal.aborted) {
      report.removed = await this.removeSource(source, taking.titles, signal);
    }
    return report;
  }

  /** @param keep titles that stay @returns how many went */
  async removeSource(
    source: string,
    keep: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<number> {
    let removed = 0;
    for (let after = ''; !signal.aborted; ) {
      const entries = await this.#store.ofSource(source, after, page);
      const last = entries.at(-1);
      if (last === undefined) break;
      after = last.title;
      const gone = entries.filter(({ title }) => !keep.has(title));
      removed += await this.#removeEach(
        gone.map(({ id }) => Number(id)),
        signal,
      );
    }
    return removed;
  }

  /** @returns how many went */
  async removeAll(filter: KbFilter, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (let after = 0; !signal.aborted; ) {
      const entries = await this.#store.list(filter, after, page);
      const last = entries.at(-1);
      if (last === undefined) break;
      after = Number(last.id);
      removed += await this.#removeEach(
        entries.map(({ id }) => Number(id)),
        signal,
      );
    }
    return removed;
  }

  async #removeEach(ids: number[], signal: AbortSignal): Promise<number> {
    let removed = 0;
    while (ids.length > 0 && !signal.aborted) {
      await this.#store.db.transaction(async (tx) => {
        const began = performance.now();
        do {
          const next = ids.pop();
          if (next === undefined) break;
          const entry = await this.#store.entryIn(tx, next);
          if (entry !== undefined) await this.#entries.remove(tx, entry);
          removed += 1;
        } while (performance.now() - began < slice);
      });
    }
    return removed;
  }

  async #take(
    tx: Tx,
    taking: Taking,
    line: number,
    draft: EntryDraft,
    source: string,
  ): Promise<void> {
    const fault = taking.titles.has(draft.title)
      ? { zh: '同一问题出现两次', en: 'this question is there twice' }
      : faultOf(draft)?.text;
    if (fault !== undefined) {
      taking.fault(line, fault);
      return;
    }
    taking.titles.add(draft.title);
    for (const other of taking.others) {
      const same = await this.#store.namedIn(tx, other, draft.title);
      if (same?.answer === draft.answer) taking.repeat(other);
    }
    const imported = createHash('sha256').update(JSON.stringify(draft)).digest('base64url');
    const before = await this.#store.namedIn(tx, source, draft.title);
    const now = this.#clock.now();
    if (before === undefined) {
      await this.#entries.add(tx, draft, { source, imported, now });
      taking.report.added += 1;
    } else if (before.imported === imported) {
      taking.report.unchanged += 1;
    } else {
      await this.#entries.change(tx, before, draft, { imported, now, keepAdded: true });
      taking.report.changed += 1;
    }
  }
}

/** An import under way. */
class Taking {
  readonly report: ImportReport;
  readonly titles = new Set<string>();

  /** Other sources. */
  readonly others: readonly string[];

  constructor(report: ImportReport, others: readonly string[]) {
    this.report = report;
    this.others = others;
  }

  repeat(source: string): void {
    const before = this.report.repeated.find((one) => one.source === source);
    if (before === undefined) this.report.repeated.push({ source, entries: 1 });
    else before.entries += 1;
  }

  fault(line: number, text: Text): void {
    this.report.faulty += 1;
    if (this.report.faults.length < mostFaults) this.report.faults.push({ line, text });
  }
}
