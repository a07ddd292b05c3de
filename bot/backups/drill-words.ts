import type { Text } from '../errors.ts';
import { filled } from '../said-by.ts';
import type { Saying } from '../sayings.ts';

const say = (en: string, zh: string): Saying => ({ zh, en, facts: true });
const says = {
  restored: say(
    'schema {0}, channels {1}, bots {2}, sends {3}, IM users {4}, IM messages {5}, files {6}',
    '结构版本 {0}，渠道 {1}，机器人 {2}，消息 {3}，IM 用户 {4}，IM 消息 {5}，文件 {6}',
  ),
  filesWhole: say('files that are whole: {0}', '{0} 个文件完好'),
  fileChanged: say('a file is not what it was', '有文件与备份时不同'),
  filesMissing: say('files: {0} of {1} are there', '应有 {1} 个文件，只有 {0} 个'),
  started: say(
    'a daemon has started on it, its bots and all that goes out left off',
    '已在恢复的数据上启动（不启动机器人，不外发）',
  ),
  ready: say('what it is given would be kept', '可以接收并保存新的消息'),
  counted: say('what was in it is there', '数据条数与备份时一致'),
  rowsMissing: say('table {0}: {1} rows of {2} are there', '表 {0} 应有 {2} 行，只有 {1} 行'),
  keys: say(
    'channels whose keys can be opened: {0}; addresses and sources: {1}',
    '可以解开的渠道密钥 {0} 个，地址与数据源 {1} 个',
  ),
  keysLost: say('channels without a key: {0}', '{0} 个渠道没有了密钥'),
  sourcesLost: say(
    'addresses and sources that cannot be opened: {0}',
    '{0} 个地址或数据源无法解开',
  ),
  nothing: say('nothing was restored', '没有恢复任何数据'),
};
export type DrillSaying = keyof typeof says;

/** What a drill tells of its steps, in English: its report is kept, and told in any language. */
export function drillSays(name: DrillSaying, ...parts: (string | number)[]): string {
  return filled(says[name], ...parts.map(String)).en;
}

export const drillSayings: readonly Saying[] = Object.values(says);

/** What the steps are called. */
export const drillSteps: Readonly<Record<string, Text>> = {
  restore: { zh: '恢复', en: 'restore' },
  files: { zh: '文件', en: 'files' },
  start: { zh: '启动', en: 'start' },
  ready: { zh: '就绪', en: 'ready' },
  counts: { zh: '条数', en: 'counts' },
  keys: { zh: '密钥', en: 'keys' },
};
