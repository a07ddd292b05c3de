import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '../../bot/chatbot/knowledge.ts';

/** A question that a section of a document answers, and what its answer must hold. */
export interface DocumentQuestion {
  q: string;
  /** The heading right above the answer. */
  section: string;
  has: string;
}

export interface DocumentQuality {
  questions: number;
  /** The right section is first, or among the first three. */
  first: number;
  three: number;
  /** Answered at once; of these from the right section, and with the sentence that says it. */
  direct: number;
  right: number;
  said: number;
  /** Answered at once or among what is offered. */
  reached: number;
  /** Without an answer, and answered all the same. */
  idle: number;
  wrong: number;
  /** What went wrong, for whoever tunes. */
  misses: string[];
}

const folder = join(import.meta.dirname, 'chatbot-fixture', 'documents');

/** Questions for tuning, or those that tell how good it is: never tuned on. */
export function readDocumentQuestions(part: 'dev' | 'test'): DocumentQuestion[] {
  return readFileSync(join(folder, `questions-${part}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DocumentQuestion);
}

export async function takeDocuments(knowledge: Knowledge): Promise<void> {
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.md'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const kb = file.replace('.md', '');
    const options = { kb, source: `file/${file}`, name: kb, replace: true } as const;
    await knowledge.import({ format: 'markdown', text, ...options });
  }
}

/** @param chitchat questions that nothing answers */
export async function measureDocuments(
  knowledge: Knowledge,
  questions: readonly DocumentQuestion[],
  chitchat: readonly { q: string }[],
): Promise<DocumentQuality> {
  const total = {
    ...{ questions: questions.length, first: 0, three: 0, direct: 0, right: 0, said: 0 },
    ...{ reached: 0, idle: chitchat.length, wrong: 0, misses: [] as string[] },
  };
  for (const { q, section, has } of questions) {
    const { found, verdict } = await knowledge.hitTest(q);
    const isIt = (title: string): boolean => title.split(' › ').at(-1) === section;
    const place = found.findIndex(({ entry }) => isIt(entry.title));
    if (place === 0) total.first += 1;
    if (place >= 0 && place < 3) total.three += 1;
    const offered = verdict.kind === 'suggest' ? verdict.options : [];
    if (verdict.kind === 'direct') {
      total.direct += 1;
      if (isIt(verdict.entry.title)) total.right += 1;
      if (verdict.answer.includes(has)) total.said += 1;
    }
    const right = verdict.kind === 'direct' && isIt(verdict.entry.title);
    if (right || offered.some(({ entry }) => isIt(entry.title))) total.reached += 1;
    if (!right) {
      const [one] = found;
      const score = found[place]?.score.toFixed(2) ?? '–';
      const other = place === 0 ? found[1] : one;
      total.misses.push(
        `${verdict.kind} ${q} (${score}; ${other?.entry.title} ${other?.score.toFixed(2)})`,
      );
    }
  }
  for (const { q } of chitchat) {
    const { found, verdict } = await knowledge.hitTest(q);
    if (verdict.kind !== 'direct') continue;
    total.wrong += 1;
    total.misses.push(`WRONG ${q} (${found[0]?.entry.title} ${found[0]?.score.toFixed(2)})`);
  }
  return total;
}
