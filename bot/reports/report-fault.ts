import type { Language, Text } from '../errors.ts';
import { filled } from '../said-by.ts';
import type { Saying } from '../sayings.ts';
import { dataSayings } from './data-faults.ts';
import { sourceSayings } from './source-faults.ts';
import { templateSayings } from './template-faults.ts';

const say = (en: string, zh: string): Saying => ({ zh, en });
const words = {
  timeout: say('it took too long', '超过时限'),
  source: say('source {0}: {1}', '数据源 {0}：{1}'),
  report: say('the report is wrong in {0}: {1}', '报表的 {0} 有误：{1}'),
  memory: say('the report needs more than {0} MB of memory', '制作报表所需内存超过 {0} MB'),
  removed: say('the report is no more', '报表已不存在'),
  targets: say('it cannot be sent: {0}', '无法发送：{0}'),
  late: say('taken up again too late to be sent', '重新接手时已过发送时限'),
  attempts: say('three times the process ended while it was made', '三次执行均随进程中断'),
};
export type FaultKind = keyof typeof words;

/** Why the words go instead of a picture. */
export const noPicture = say('no picture could be made: see the log', '无法生成图片，见日志');

/** Why there is no report. Told to operators, never to a room. */
export class ReportFault extends Error {
  readonly kind: FaultKind;
  /** Of the report: title, text, sendIf… Of a source, what it is called. */
  readonly part: string;
  readonly #text: Text;

  constructor(kind: FaultKind, part = '', detail: Text = { zh: '', en: '' }) {
    const text = filled(words[kind], part, detail);
    super(text.en);
    this.kind = kind;
    this.part = part;
    this.#text = text;
  }

  say(language: Language): string {
    return this.#text[language].slice(0, 1000);
  }
}

/** As sentences, to be known again. */
export const faultSayings: readonly Saying[] = [
  ...Object.values(words),
  noPicture,
  // As runs of earlier versions have them.
  say('the source failed: {0}', '数据源失败：{0}'),
  say('the report is at fault: {0}', '报表有误：{0}'),
  ...sourceSayings,
  ...dataSayings,
  ...templateSayings,
];
