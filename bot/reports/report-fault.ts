import type { Language, Text } from '../errors.ts';
import { plainly } from '../plain-sayings.ts';
import type { Saying } from '../sayings.ts';

const faultKinds = ['timeout', 'source', 'report', 'targets', 'late', 'attempts'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Why there is no report. Told to operators, never to a room. */
export class ReportFault extends Error {
  readonly kind: FaultKind;
  /** Which part is at fault: source, sendIf, title, text… */
  readonly part: string;

  constructor(kind: FaultKind, part: string = kind, detail = '') {
    super(detail === '' ? part : `${part}: ${detail}`);
    this.kind = kind;
    this.part = part;
  }

  say(language: Language): string {
    return words(this.kind, plainly(language, this.message))[language].slice(0, 1000);
  }
}

function words(kind: FaultKind, detail: string): Text {
  switch (kind) {
    case 'timeout':
      return { zh: '超过时限', en: 'it took too long' };
    case 'source':
      return { zh: `数据源失败：${detail}`, en: `the source failed: ${detail}` };
    case 'report':
      return { zh: `报表有误：${detail}`, en: `the report is at fault: ${detail}` };
    case 'targets':
      return { zh: `无法发送：${detail}`, en: `it cannot be sent: ${detail}` };
    case 'late':
      return { zh: '重新接手时已过发送时限', en: 'taken up again too late to be sent' };
    case 'attempts':
      return {
        zh: '三次执行均随进程中断',
        en: 'three times the process ended while it was made',
      };
  }
}

/** As sentences, to be known again. */
export const faultSayings: readonly Saying[] = faultKinds.map((kind) => words(kind, '{0}'));
