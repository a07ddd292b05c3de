import type { Fixture, FixtureQuestion } from './chatbot-fixture.ts';
import type { Method, Ranked } from './chatbot-methods.ts';

/** So much of the chit-chat may be answered. */
const mostWrong = 0.02;

/** Lines of a report: levels and kinds apart. */
export async function measureQuality(
  methods: readonly Method[],
  fixture: Fixture,
): Promise<string[]> {
  const answers = new Map<Method, (ranked: Ranked) => boolean>();
  for (const method of methods) answers.set(method, await answering(method, fixture));
  const asked = await rankAll(methods, fixture.questions);
  const idle = await rankAll(methods, fixture.chitchat);
  const levels = [...new Set(fixture.questions.map(({ level = '' }) => level))];
  const lines: string[][] = [];
  for (const method of methods) {
    const ranked = asked.get(method) ?? [];
    for (const level of ['all', ...levels]) {
      const of = fixture.questions
        .map((question, at) => ({ question, ranked: ranked[at] ?? nothing }))
        .filter(({ question }) => level === 'all' || question.level === level);
      const first = of.filter((one) => placeOf(one) === 0).length;
      const among = of.filter((one) => placeOf(one) >= 0 && placeOf(one) < 3).length;
      const answered = of.filter((one) => answers.get(method)?.(one.ranked));
      const right = answered.filter((one) => placeOf(one) === 0).length;
      lines.push([
        ...[method.name, level, `${of.length}`, share(first, of.length), share(among, of.length)],
        ...[share(answered.length, of.length), share(right, answered.length)],
      ]);
    }
  }
  const head = ['method', 'level', 'questions', 'r@1 %', 'r@3 %', 'answered %', 'of these right %'];
  const kinds = [...new Set(fixture.chitchat.map(({ kind }) => kind))];
  const wrong = methods.map((method) => {
    const ranked = idle.get(method) ?? [];
    const of = (kind: string): string => {
      const some = ranked.filter((_, at) => kind === 'all' || fixture.chitchat[at]?.kind === kind);
      return share(some.filter((one) => answers.get(method)?.(one)).length, some.length);
    };
    return [method.name, of('all'), ...kinds.map(of)];
  });
  const counts = kinds.map((kind) => fixture.chitchat.filter((one) => one.kind === kind).length);
  return [
    ...aligned(head, lines),
    '',
    'questions without an entry that were answered all the same, %:',
    ...aligned(
      [
        'method',
        `all (${fixture.chitchat.length})`,
        ...kinds.map((kind, at) => `${kind} (${counts[at]})`),
      ],
      wrong,
    ),
  ];
}

const nothing: Ranked = { ids: [], score: 0 };

/** When a method answers: as it says itself, or from a score on that the dev set gives. */
async function answering(
  method: Method,
  { devChitchat }: Fixture,
): Promise<(ranked: Ranked) => boolean> {
  const scores: number[] = [];
  for (const { q } of devChitchat) {
    const { direct, score } = await method.rank(q);
    if (direct !== undefined) return (ranked) => ranked.direct === true;
    scores.push(score);
  }
  scores.sort((a, b) => b - a);
  const bound = scores[Math.floor(scores.length * mostWrong)] ?? 0;
  return ({ score }) => score > bound;
}

/** Question by question, the methods in turn. */
async function rankAll(
  methods: readonly Method[],
  questions: readonly { q: string }[],
): Promise<Map<Method, Ranked[]>> {
  const all = new Map<Method, Ranked[]>(methods.map((method) => [method, []]));
  for (const { q } of questions) {
    for (const method of methods) all.get(method)?.push(await method.rank(q));
  }
  return all;
}

function placeOf({ question, ranked }: { question: FixtureQuestion; ranked: Ranked }): number {
  return ranked.ids.indexOf(question.id);
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : ((100 * part) / whole).toFixed(1);
}

/** Cells under each other; Chinese takes two places. */
export function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const width = (text: string): number =>
    [...text].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 2 : 1), 0);
  const widths = head.map((_, at) => Math.max(...all.map((cells) => width(cells[at] ?? ''))));
  return all.map((cells) =>
    cells
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}
