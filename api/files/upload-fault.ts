import { AppError } from '../../bot/errors.ts';
import { HttpProblem } from '../middleware/problem.ts';

/** Why an upload is refused; each family spells it. */
export type UploadFaultReason =
  /** No multipart form where only that is taken. */
  | 'no form'
  /** A form that is broken, or ends before its end. */
  | 'broken'
  /** No file of the name that was asked for. */
  | 'no file'
  /** More than the one file. */
  | 'several'
  | 'empty'
  | 'too large'
  /** What stands beside the file. */
  | 'too many fields'
  /** Not of the kind that was asked for. */
  | 'type'
  /** Nothing came for too long. */
  | 'slow'
  /** Too many at once. */
  | 'busy';

export class UploadFault extends Error {
  readonly reason: UploadFaultReason;

  constructor(reason: UploadFaultReason) {
    super(reason);
    this.reason = reason;
  }
}

/** The spelling of what no family has words of its own for. */
export function commonFault(reason: UploadFaultReason): AppError | HttpProblem {
  if (reason === 'busy') {
    const text = { zh: '上传过多，请稍后再试', en: 'too many uploads: try again later' };
    return new AppError('unavailable', text, { retryAfter: 5 });
  }
  if (reason === 'slow') {
    return new HttpProblem(408, { zh: '上传中断：太久没有数据', en: 'nothing came for too long' });
  }
  if (reason === 'too many fields') {
    return new HttpProblem(413, {
      zh: '表单中文件以外的字段过多或过大',
      en: 'the form has too many, or too large, fields beside the file',
    });
  }
  return new HttpProblem(400, { zh: '表单格式错误', en: 'the form is broken' });
}
