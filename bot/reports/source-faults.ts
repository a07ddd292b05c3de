import type { ReportSource } from '../../config/report-schema.ts';
import { ForeignFault } from '../../store/foreign-query.ts';
import type { Text } from '../errors.ts';
import { FetchError } from '../fetcher.ts';
import { plainly } from '../plain-sayings.ts';
import { filled, type SaidBy, saidBy, sayingsOf } from '../said-by.ts';
import type { Saying } from '../sayings.ts';
import { connections } from './connection-faults.ts';
import { databaseFault, databaseSayings } from './database-faults.ts';
import { FolderFault } from './folders.ts';

/** Rows that did not come, for a reason that operators may read. */
export class SourceFault extends Error {
  readonly text: Text;
  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

const say = (en: string, zh: string): Saying => ({ zh, en, facts: true });
const answers: SaidBy = [
  [/^HTTP (401|403)$/, say('it refuses our credentials ({0})', '对方拒绝了凭据（{0}）')],
  [/^HTTP (404|410)$/, say('there is nothing at this address ({0})', '地址不存在（{0}）')],
  [/^HTTP (429)$/, say('it is asked too often ({0})', '对方嫌请求过于频繁（{0}）')],
  [/^HTTP (5\d\d)$/, say('the other server failed ({0})', '对方服务器出错（{0}）')],
  [/^HTTP (\d+)$/, say('it answered {0}', '对方应答 {0}')],
  [/^larger than (\d+) bytes$/, say('the answer is larger than {0} bytes', '应答超过 {0} 字节')],
];
const says = {
  noDatabase: say(
    'database {0} is not in the config (reporting.databases)',
    '配置的 reporting.databases 中没有 {0}',
  ),
  noSecret: say(
    'secret {0} is not in the config (reporting.secrets)',
    '配置的 reporting.secrets 中没有 {0}',
  ),
  otherHost: say('secret {0} is not for {1}', '密钥 {0} 不能用于 {1}'),
  noSecretFile: say('the file of {0} cannot be read', '无法读取 {0} 的密钥文件'),
};

export const sourceFaults = {
  noDatabase: (name: string) => new SourceFault(filled(says.noDatabase, name)),
  noSecret: (name: string) => new SourceFault(filled(says.noSecret, name)),
  otherHost: (name: string, host: string) => new SourceFault(filled(says.otherHost, name, host)),
  noSecretFile: (name: string) => new SourceFault(filled(says.noSecretFile, name)),
};

/** What a source is called: nothing of an address but its host, which holds no secret. */
export function sourceName(source: ReportSource): string {
  switch (source.type) {
    case 'http':
      return `HTTP ${URL.canParse(source.url) ? new URL(source.url).host : ''}`.trim();
    case 'file':
      return `${formatOf(source) === 'csv' ? 'CSV' : 'JSON'} ${source.file}`;
    case 'sqlite':
      return `SQLite ${source.file}`;
    case 'postgres':
      return `PostgreSQL ${source.database}`;
    default:
      return source.type;
  }
}

export function formatOf(source: {
  file: string;
  format?: 'csv' | 'json' | undefined;
}): 'csv' | 'json' {
  return source.format ?? (/\.csv$/i.test(source.file) ? 'csv' : 'json');
}

/** Why nothing came; undefined: nobody's business but the log's. */
export function sourceFault(error: unknown): Text | undefined {
  if (error instanceof SourceFault) return error.text;
  if (error instanceof ForeignFault) return databaseFault(error);
  if (error instanceof FetchError) {
    return saidBy(answers, error.message) ?? saidBy(connections, error.message) ?? plain(error);
  }
  return error instanceof FolderFault ? plain(error) : undefined;
}

export const sourceSayings: readonly Saying[] = [
  ...sayingsOf(answers, connections),
  ...databaseSayings,
  ...Object.values(says),
];

function plain({ message }: Error): Text {
  return { zh: plainly('zh', message), en: plainly('en', message) };
}
