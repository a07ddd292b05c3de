import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Knowhow } from '../../bot/chatbot/knowhow.ts';
import type { Knowledge } from '../../bot/chatbot/knowledge.ts';
import { RealClock } from '../../bot/clock.ts';
import { parseConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { measureDocuments, readDocumentQuestions, takeDocuments } from './chatbot-documents.ts';
import { type Fixture, type FixtureEntry, filling, readFixture } from './chatbot-fixture.ts';
import { bigrams, type Method, ours, trigram } from './chatbot-methods.ts';
import { aligned, measureQuality } from './chatbot-quality.ts';

/** The document's own question. */
const documented = '请问BGP协议实验ping不通怎么办?';

/**
 * `npm run bench -- chatbot`: how well questions find their entries, beside what the database gives by
 * itself, and how long that takes, with the event loop's longest stall meanwhile.
 */
export async function benchChatbot(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string', default: '1000,10000,100000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
    },
  });
  const fixture = readFixture();
  print(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  if (values.only !== 'latency') await quality(fixture);
  if (values.only !== 'quality') {
    for (const size of values.sizes.split(',').map(Number)) {
      await latency(fixture, size, Number(values.rounds));
    }
  }
}

async function quality(fixture: Fixture): Promise<void> {
  await withKnowledge({ starter: false }, async ({ knowledge }) => {
    await take(knowledge, fixture.entries);
    const methods = [
      ours(knowledge, await idsOf(knowledge, fixture.entries)),
      bigrams(fixture.entries),
      trigram(fixture.entries),
    ];
    const phrasings = fixture.entries.flatMap(({ phrasings: others }) => [0, ...others]).length;
    print(`\n## Quality: ${fixture.entries.length} entries, ${phrasings} phrasings`);
    print('Each question is put to each method in turn. Test set: looked at by this only.');
    print('answered: wxrc by its default thresholds; the others from the score on at which they');
    print('answer at most 2 % of the chit-chat of the dev set.\n');
    for (const line of await measureQuality(methods, fixture)) print(line);
  });
  await withKnowledge({ starter: false }, async ({ knowledge }) => {
    await takeDocuments(knowledge);
    const asked = readDocumentQuestions('test');
    const { misses: _, ...of } = await measureDocuments(knowledge, asked, fixture.chitchat);
    print(
      `\nThree documents, ${of.questions} questions of the test set: the right passage is first`,
    );
    print(`for ${of.first}, among the first three for ${of.three}; answered at once ${of.direct},`);
    print(`of these rightly ${of.right}, with the sentence that says it ${of.said}; answered or`);
    print(`offered ${of.reached}. Chit-chat answered: ${of.wrong} of ${of.idle}.`);
  });
  await withKnowledge({}, async ({ knowledge, sources }) => {
    await sources.settled;
    const { verdict, found, ms } = await knowledge.hitTest(documented);
    const answer = verdict.kind === 'direct' ? verdict.entry.title : verdict.kind;
    const next =
      found[1] === undefined ? '' : `, next: ${found[1].entry.title} ${fixed(found[1].score)}`;
    print(
      `\n${documented} with the starters: ${answer} ${fixed(found[0]?.score)}${next} (${ms} ms)`,
    );
    if (verdict.kind !== 'direct' || !/BGP.*ping不通/.test(verdict.entry.title)) {
      throw new Error('the document’s question is not answered from the starter');
    }
  });
}

async function latency(fixture: Fixture, size: number, rounds: number): Promise<void> {
  const own = fixture.entries.reduce((sum, { phrasings }) => sum + 1 + phrasings.length, 0);
  const entries = [...fixture.entries, ...filling(fixture, Math.max(0, size - own))];
  const text = textOf(entries);
  await withKnowledge({ starter: false }, async ({ knowledge }) => {
    const taking = watch();
    const began = performance.now();
    await take(knowledge, entries, text);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const phrasings = knowledge.ranking.phrases;
    print(`\n## ${phrasings} phrasings, ${entries.length} entries`);
    const { wall, cpu } = taking();
    print(
      `imported in ${seconds} s; longest turn of the event loop meanwhile: ${fixed(cpu)} ms of`,
    );
    print(`CPU, ${fixed(wall)} ms on the clock\n`);
    const methods = [ours(knowledge, new Map()), bigrams(entries), trigram(entries)];
    const times = new Map<Method, number[]>(methods.map((method) => [method, []]));
    const longest = new Map<Method, { wall: number; cpu: number }>();
    const questions = [...fixture.questions, ...fixture.chitchat].map(({ q }) => q);
    for (const question of questions.slice(0, 100)) {
      for (const method of methods) await method.rank(question);
    }
    for (let round = 0; round < rounds; round++) {
      // Rounds of each in turn, another one first each time.
      for (let turn = 0; turn < methods.length; turn++) {
        const method = methods[(turn + round) % methods.length] as Method;
        const watching = watch();
        for (const question of questions) {
          const from = performance.now();
          await method.rank(question);
          times.get(method)?.push(performance.now() - from);
          // Timers have their turn, as between the questions of a daemon.
          await new Promise((resolve) => setImmediate(resolve));
        }
        const { wall: stall, cpu: turnCpu } = watching();
        const until = longest.get(method) ?? { wall: 0, cpu: 0 };
        longest.set(method, {
          wall: Math.max(stall, until.wall),
          cpu: Math.max(turnCpu, until.cpu),
        });
      }
    }
    const head = ['method', 'p50 ms', 'p99 ms', 'longest ms', 'turn, CPU ms', 'stall, ms'];
    const lines = methods.map((method) => {
      const sorted = (times.get(method) ?? []).sort((a, b) => a - b);
      const at = (share: number): string => fixed(sorted[Math.floor((sorted.length - 1) * share)]);
      const { wall: stall, cpu: turnCpu } = longest.get(method) ?? { wall: 0, cpu: 0 };
      return [method.name, at(0.5), at(0.99), at(1), fixed(turnCpu), fixed(stall)];
    });
    for (const line of aligned(head, lines)) print(line);
    print(
      `${questions.length * rounds} questions each, ${rounds} rounds, one at a time; load of the`,
    );
    print(`machine ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`);
  });
}

/** Its own database in a folder of its own, with a worker for long reads, as the daemon has it. */
async function withKnowledge(
  chatbot: { starter?: boolean },
  work: (knowhow: Knowhow) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-'));
  const db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  const clock = new RealClock();
  await migrate(db, { now: clock.now() });
  const { chatbot: settings } = parseConfig({ chatbot });
  const logger = createLogger('error');
  const knowhow = new Knowhow({ db, vault: openVault(folder), clock, logger, settings, rules: [] });
  try {
    await knowhow.start();
    await work(knowhow);
  } finally {
    await knowhow.stop();
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of them. Making it is not the product's work. */
function textOf(entries: readonly FixtureEntry[]): string {
  return entries
    .map(({ q, a, phrasings }) => JSON.stringify({ q, a, indexes: phrasings }))
    .join('\n');
}

async function take(
  knowledge: Knowledge,
  entries: readonly FixtureEntry[],
  text = textOf(entries),
): Promise<void> {
  const options = { kb: 'bench', source: 'bench', name: 'bench', replace: true } as const;
  const report = await knowledge.import({ format: 'jsonl', text, ...options });
  if (report.added !== entries.length) throw new Error(`taken: ${JSON.stringify(report)}`);
}

async function idsOf(
  knowledge: Knowledge,
  entries: readonly FixtureEntry[],
): Promise<Map<number, string>> {
  const byTitle = new Map(entries.map(({ id, q }) => [q, id]));
  const ids = new Map<number, string>();
  for (let after = 0; ; ) {
    const page = await knowledge.list({}, after, 200);
    for (const { id, title } of page) ids.set(id, byTitle.get(title) ?? '?');
    const last = page.at(-1);
    if (last === undefined) return ids;
    after = last.id;
  }
}

/**
 * Watches the event loop. wall: its longest stall, which holds what other programs on the machine took
 * away; cpu: the longest turn in time of its own thread, which does not.
 */
function watch(): () => { wall: number; cpu: number } {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  };
  let longest = 0;
  let before = used();
  let running = true;
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - before);
    before = now;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    running = false;
    delay.disable();
    return { wall: delay.max / 1e6, cpu: longest / 1000 };
  };
}

function fixed(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
