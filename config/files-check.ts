import { accessSync, constants, statSync } from 'node:fs';
import type { Config } from './schema.ts';
import type { Text } from './text.ts';

const endings = /\.(?:csv|json|jsonl|md)$/i;

/**
 * What a config names on this disk and is not there. The daemon starts all the same, and warns: a
 * file may come later.
 */
export function missingFiles({ chatbot }: Pick<Config, 'chatbot'>): Text[] {
  return chatbot.knowledge.flatMap((one, index) => {
    const file = typeof one === 'string' ? one : one.file;
    const where = `chatbot.knowledge[${index}]`;
    if (!endings.test(file)) {
      const zh = `${where}：${file} 的扩展名须为 .csv、.json、.jsonl 或 .md`;
      return [{ zh, en: `${where}: ${file} does not end in .csv, .json, .jsonl or .md` }];
    }
    if (isReadable(file)) return [];
    return [{ zh: `${where}：${file} 无法读取`, en: `${where}: ${file} cannot be read` }];
  });
}

/** Thresholds of a knowledge base that do not go together with those of all. */
export function basesOutOfOrder({ chatbot }: Pick<Config, 'chatbot'>): Text[] {
  return Object.entries(chatbot.bases).flatMap(([name, own]) => {
    const { direct, suggest } = { ...chatbot.thresholds, ...own };
    const isWrong = Number(suggest) > Number(direct);
    const where = `chatbot.bases.${name}`;
    if (!isWrong) return [];
    return [
      { zh: `${where}：suggest 不能大于 direct`, en: `${where}: suggest must not be above direct` },
    ];
  });
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
