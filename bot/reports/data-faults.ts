import type { Text } from '../errors.ts';
import { filled } from '../said-by.ts';
import type { Saying } from '../sayings.ts';
import { PickFault } from './pick.ts';

const say = (en: string, zh: string): Saying => ({ zh, en, facts: true });
const says = {
  notJson: say('the answer is no JSON ({0})', '应答不是 JSON（{0}）'),
  empty: say('the answer is empty ({0})', '应答为空（{0}）'),
  fileNotJson: say('the file is no JSON', '文件不是 JSON'),
  fileNotJsonAt: say(
    'the file is no JSON (line {0}, column {1})',
    '文件不是 JSON（第 {0} 行第 {1} 列）',
  ),
  fileEmpty: say('the file is empty', '文件是空的'),
  notUtf8: say('it is not encoded as UTF-8', '不是 UTF-8 编码'),
  openQuote: say('line {0}: a quote is not closed', '第 {0} 行：引号没有闭合'),
  nothingThere: say('pick {0}: there is no “{1}”', 'pick {0}：没有“{1}”'),
  noList: say('pick {0}: {1} is not on a list', 'pick {0}：{1} 处不是列表'),
  noWay: say('pick {0}: cannot be read from “{1}” on', 'pick {0}：从“{1}”起无法解析'),
};

export const dataSayings: readonly Saying[] = Object.values(says);

/** What came, and how. */
export interface Came {
  bytes: Uint8Array;
  /** As `200 text/html`; absent: of a file. */
  answer?: string | undefined;
  pick?: string | undefined;
}

/** Why what came cannot be read; undefined: not for a reason that is in it. */
export function dataFault(error: unknown, { bytes, answer, pick = '' }: Came): Text | undefined {
  if (error instanceof PickFault) return filled(says[error.reason], pick, error.at);
  if (error instanceof TypeError) return filled(says.notUtf8);
  if (!(error instanceof SyntaxError)) return undefined;
  const [, line] = /^line (\d+): a quote/.exec(error.message) ?? [];
  if (line !== undefined) return filled(says.openQuote, line);
  const nothing = bytes.length === 0;
  if (answer !== undefined) return filled(nothing ? says.empty : says.notJson, answer);
  if (nothing) return filled(says.fileEmpty);
  // What V8 quotes of the text stays in the file.
  const [, row, column] = /\(line (\d+) column (\d+)\)/.exec(error.message) ?? [];
  if (row === undefined || column === undefined) return filled(says.fileNotJson);
  return filled(says.fileNotJsonAt, row, column);
}
