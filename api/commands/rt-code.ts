import type { AppError, ErrorCode, Language, Text } from '../../bot/errors.ts';

/** Every `rtCode` of the document and what it stands for. */
export const rtCodes = {
  '0': { zh: '成功', en: 'success' },
  '10': { zh: '请求头字段缺失', en: 'reqHead field missing' },
  '11': { zh: '请求头字段非法', en: 'reqHead field illegal' },
  '12': { zh: 'txcode 不唯一', en: 'txcode not unique' },
  '13': { zh: '签名校验失败', en: 'signature wrong' },
  '20': { zh: '接口不存在', en: 'no such API' },
  '21': { zh: '无权访问', en: 'no right' },
  '22': { zh: '数据库错误', en: 'database error' },
  '23': { zh: '系统错误', en: 'unexpected error' },
  '30': { zh: '业务字段缺失', en: 'reqBody field missing' },
  '31': { zh: '业务字段类型错误', en: 'reqBody field of wrong type' },
  '32': { zh: '业务字段值错误', en: 'reqBody value wrong' },
  '33': { zh: '业务字段值不唯一', en: 'reqBody value not unique' },
  '34': { zh: '接口错误', en: 'API error' },
} satisfies Record<string, Text>;
export type RtCode = keyof typeof rtCodes;

/** How this family spells the core's errors. */
export const rtCodeOf = {
  field_missing: '30',
  field_type: '31',
  field_value: '32',
  field_not_unique: '33',
  unauthorized: '13',
  forbidden: '21',
  not_found: '32',
  unknown_bot: '11',
  unknown_command: '20',
  conflict: '34',
  duplicate_request: '12',
  unsupported: '34',
  too_large: '32',
  rate_limited: '34',
  unavailable: '34',
  database: '22',
  unexpected: '23',
} satisfies Record<ErrorCode, RtCode>;

/** A command that is not done: the code and, behind its standard text, what exactly is wrong. */
export class Refusal {
  readonly rtCode: RtCode;
  readonly detail: Text | undefined;

  constructor(rtCode: RtCode, detail?: Text) {
    this.rtCode = rtCode;
    this.detail = detail;
  }

  static of(error: AppError): Refusal {
    return new Refusal(rtCodeOf[error.code], error.text);
  }

  message(language: Language): string {
    const general = rtCodes[this.rtCode][language];
    if (this.detail === undefined) return general;
    return language === 'zh' ? `${general}：${this.detail.zh}` : `${general}: ${this.detail.en}`;
  }
}
