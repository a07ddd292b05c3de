import { type Body, Fault } from '../../api.ts';
import { namesIn, quoted, textOfNames, unquoted } from './names-in.ts';
import { w } from './words.ts';

export type Target = Body<'post', '/schedules'>['targets'][number];

/**
 * A line each: `bot01 测试群`, `bot01 #id of the room`, `bot01 @name of a person`, `bot01 @#id of a
 * person`, and whom to @ there: `bot01 测试群 @@张三, 李四`; in quotation marks, as JSON, what would be
 * read as something else.
 * @param kept those whose lines are not written anew stay as they are
 * @throws Fault that says which line it cannot read
 */
export function targetsOf(text: string, kept: readonly Target[] = []): Target[] {
  const left = [...kept];
  return text
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((line) => {
      const same = left.findIndex((one) => lineOf(one) === line);
      return left.splice(same, same < 0 ? 0 : 1)[0] ?? targetOf(line);
    });
}

export function textOfTargets(targets: readonly Target[]): string {
  return targets.map(lineOf).join('\n');
}

function lineOf({ botcode, roomTopic, roomId, contactName, contactId, mentions }: Target): string {
  const whom = mentions?.length ? ` @@${textOfNames(mentions)}` : '';
  // What begins like a sign, or does not show where it ends.
  const to = (sign: string, name: string) =>
    `${botcode} ${sign}${quoted(name, /^[#@"\s]|^$|\s@@/)}${whom}`;
  if (contactId !== undefined) return to('@#', contactId);
  if (contactName !== undefined) return to('@', contactName);
  return roomId === undefined ? to('', roomTopic ?? '') : to('#', roomId);
}

function targetOf(line: string): Target {
  const [, botcode, sign, rest, whom] =
    /^(\S+)\s+(@#|#|@?(?!@))("(?:[^"\\]|\\.)*"|.+?)(?:\s+@@(.*))?$/.exec(line) ?? [];
  const name = rest === undefined ? undefined : unquoted(rest.trim());
  if (botcode === undefined || name === undefined || name === '') {
    throw new Fault(w.badTarget(line), 'targets');
  }
  const mentions = namesIn(whom ?? '');
  const all = { botcode, ...(mentions.length > 0 && { mentions }) };
  if (sign === '@#') return { ...all, contactId: name };
  if (sign === '@') return { ...all, contactName: name };
  return sign === '#' ? { ...all, roomId: name } : { ...all, roomTopic: name };
}
