import type { Text } from '../errors.ts';
import { filled, type SaidBy, saidBy, sayingsOf } from '../said-by.ts';
import type { Saying } from '../sayings.ts';

const say = (en: string, zh: string): Saying => ({ zh, en, facts: true });

/** What Liquid says, and what whoever wrote the template has to know. */
const liquid: SaidBy = [
  [
    /^memory alloc limit exceeded/,
    say(
      'it makes more text, or counts further, than a template may',
      '生成的文字或循环次数超过模板的上限',
    ),
  ],
  [/^template render limit exceeded/, say('it goes on for more than 3 s', '计算超过 3 秒')],
  [/^parse length limit exceeded/, say('the template is too long', '模板过长')],
  [/^undefined filter: (.+)$/, say('there is no filter “{0}”', '没有过滤器“{0}”')],
  [/^tag "(end\w+)" not found/, say('{0} without its beginning', '{0} 没有对应的开头')],
  [/^tag "(.+)" not found/, say('there is no tag “{0}”', '没有标签“{0}”')],
  [/^(?:tag|output) "?(.+?)"? not closed/, say('{0} is not closed', '{0} 没有闭合')],
  [/^(\S+) not closed/, say('{0} is not closed', '{0} 没有闭合')],
  [
    /^invalid value expression: ""/,
    say('a value is missing in {% … %} or {{ … }}', '{% … %} 或 {{ … }} 中缺少值'),
  ],
  [/^invalid value expression: (.+)$/, say('{0} is no value', '{0} 不是合法的值')],
  [/^illegal tag: (.+)$/, say('{0} is not written as it must be', '{0} 写法不对')],
  [/^unbalanced parentheses/, say('a bracket is not closed', '括号没有闭合')],
  [/^expected variable name/, say('a name is missing', '缺少变量名')],
  [
    /^ENOENT: Failed to lookup "(.*?)"/,
    say('there are no other templates to include: {0}', '不能引用其他模板：{0}'),
  ],
];
const at = say('{0} (line {1}, column {2})', '{0}（第 {1} 行第 {2} 列）');

/** Why a template cannot be read or filled in. */
export function templateFault(error: unknown): Text {
  // The first line: the rest shows where it stands.
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const [, what = message, line, column] = /^(.*), line:(\d+), col:(\d+)$/.exec(message) ?? [];
  const said = saidBy(liquid, what) ?? { zh: what.slice(0, 300), en: what.slice(0, 300) };
  return line === undefined || column === undefined ? said : filled(at, said, line, column);
}

// What it is told of is a sentence too, so here parts are no mere facts.
export const templateSayings: readonly Saying[] = [{ zh: at.zh, en: at.en }, ...sayingsOf(liquid)];
