import type { ForeignFault } from '../../store/foreign-query.ts';
import type { Text } from '../errors.ts';
import { plainly } from '../plain-sayings.ts';
import { filled, type SaidBy, saidBy, sayingsOf } from '../said-by.ts';
import type { Saying } from '../sayings.ts';
import { connections } from './connection-faults.ts';

const say = (en: string, zh: string): Saying => ({ zh, en, facts: true });
const says = {
  table: say('there is no table {0}', '没有表 {0}'),
  column: say('there is no column {0}', '没有列 {0}'),
  function: say('there is no function {0}', '没有函数 {0}'),
  syntax: say('the SQL is wrong: {0}', 'SQL 语法有误：{0}'),
  near: say('the SQL is wrong near {0}', 'SQL 在 {0} 附近有误'),
  incomplete: say('the SQL ends too early', 'SQL 不完整'),
  readOnly: say('only reading is allowed', '只能读取，不能写入'),
  oneStatement: say('only one statement is allowed', '只能有一条 SQL'),
  noRows: say('the statement answers no rows', '这条 SQL 不返回行'),
  params: say('params are more or fewer than the SQL has places', 'params 的个数与 SQL 不符'),
  memory: say('the rows need too much memory', '结果占用内存过多'),
  tooLong: say('the statement took too long', 'SQL 执行超过时限'),
  locked: say('it is locked by somebody else', '被其他程序锁住'),
  noDatabaseFile: say('the file is no SQLite database', '文件不是 SQLite 数据库'),
  damaged: say('the database is damaged', '数据库已损坏'),
  closed: say('the file cannot be opened', '文件无法打开'),
  login: say('the database refuses user or password', '数据库拒绝了用户名或密码'),
  rights: say('the user may not do this', '数据库用户没有权限'),
  database: say('there is no such database on the server', '服务器上没有这个数据库'),
  busy: say('the database takes no more connections', '数据库连接数已满'),
  down: say('the database is starting or stopping', '数据库正在启动或关闭'),
  noAnswer: say('the database does not answer', '数据库没有应答'),
  broke: say('the connection to the database broke', '与数据库的连接中断'),
  noSsl: say('the database speaks no TLS', '数据库不支持 TLS'),
  failed: say('the statement cannot be run', 'SQL 无法执行'),
  other: say('the database says: {0}', '数据库报错：{0}'),
};

/** What SQLite says, and the process in which it runs. */
const sqlite: SaidBy = [
  [/^no such table: (.+)$/, says.table],
  [/^no such column: (.+)$/, says.column],
  [/^no such function: (.+)$/, says.function],
  [/^(?:near |unrecognized token: )"(.*)"(?:: syntax error)?$/, says.near],
  [/^incomplete input$/, says.incomplete],
  [/^attempt to write a readonly database$/, says.readOnly],
  [/contains (?:more than one statement|no statements)/, says.oneStatement],
  [/^the statement answers no rows$/, says.noRows],
  [
    /^Too (?:few|many) parameter values|^Missing named parameter|^This statement requires named/,
    says.params,
  ],
  [/^it needed too much memory$/, says.memory],
  [/^it took too long$/, says.tooLong],
  [/^(?:it cannot be run|it failed)$/, says.failed],
  [/^database (?:table )?is locked/, says.locked],
  [/^file is not a database$/, says.noDatabaseFile],
  [/^database disk image is malformed/, says.damaged],
  [/^unable to open database file/, says.closed],
];

/** What PostgreSQL says by its code: its words may be in any language. */
const states: SaidBy = [
  [/^42P01 .*?["“«](.+?)["”»]/s, says.table],
  [/^42703 .*?["“«](.+?)["”»]/s, says.column],
  [/^42883 \w+ (.+?\)) /s, says.function],
  [/^42601 .*multiple commands/s, says.oneStatement],
  [/^42601 .*?["“«](.+?)["”»]/s, says.near],
  [/^42601 (.+)$/s, says.syntax],
  [/^42501 /, says.rights],
  [/^28/, says.login],
  [/^3D000 /, says.database],
  [/^57014 /, says.tooLong],
  [/^55P03 /, says.locked],
  // A cursor is ours; whoever wrote the statement knows of none.
  [/^25006 |^0A000 .*DECLARE|^42P11 /s, says.readOnly],
  [/^53300 /, says.busy],
  [/^57P0/, says.down],
  [/^08P01 .*bind|^42P02 /s, says.params],
];
const clients: SaidBy = [
  [/timeout/i, says.noAnswer],
  [/terminated|not queryable/i, says.broke],
  [/does not support SSL/i, says.noSsl],
];

/** Why a statement on a database of somebody else gave no rows. */
export function databaseFault({ message, code }: ForeignFault): Text {
  const said =
    code === undefined
      ? (saidBy(sqlite, message) ?? saidBy(connections, message))
      : /^[0-9A-Z]{5}$/.test(code)
        ? saidBy(states, `${code} ${message}`)
        : (saidBy(connections, code) ?? saidBy(clients, message));
  if (said !== undefined) return said;
  const told = plainly('zh', message);
  return told === message ? filled(says.other, message) : { zh: told, en: message };
}

export const databaseSayings: readonly Saying[] = [
  ...sayingsOf(sqlite, states, clients),
  says.other,
];
