import type { Text } from '../../errors.ts';

/** What the steps of a send tell besides their names. Of two alike the longer one comes first. */
export const details = {
  handedPart: (of: { name: string; attempt: number; part: number; parts: number }): Text => ({
    zh: `发往 ${of.name}，第 ${of.attempt} 次，共 ${of.parts} 段中的第 ${of.part} 段`,
    en: `to ${of.name}, attempt ${of.attempt}, part ${of.part} of ${of.parts}`,
  }),
  handed: ({ name, attempt }: { name: string; attempt: number }): Text => ({
    zh: `发往 ${name}，第 ${attempt} 次`,
    en: `to ${name}, attempt ${attempt}`,
  }),
  messageIdPart: (id: string, part: number, parts: number): Text => ({
    zh: `消息编号 ${id}，共 ${parts} 段中的第 ${part} 段`,
    en: `message id ${id}, part ${part} of ${parts}`,
  }),
  oldestOf: (id: string, count: number): Text => ({
    zh: `消息编号 ${id}；有 ${count} 条相同的消息在等回显，归最早的一条`,
    en: `message id ${id}; ${count} equal messages waited for an echo, the oldest got it`,
  }),
  messageId: (id: string): Text => ({ zh: `消息编号 ${id}`, en: `message id ${id}` }),
  fetched: (type: string, size: number): Text => ({
    zh: `${type}，${size} 字节`,
    en: `${type}, ${size} bytes`,
  }),
} as const;
