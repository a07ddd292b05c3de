import { type Body, Fault } from '../../api.ts';
import { w } from './words.ts';

export type Target = Body<'post', '/schedules'>['targets'][number];

/**
 * A line each: `bot01 测试群`, `bot01 #id of the room`, `bot01 @name of a person`, `bot01 @#id of a
 * person`; in quotation marks, as JSON, what would be read as something else.
 * @param kept those whose lines are not written anew stay as they are: they may hold more than a line shows
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

function lineOf({ botcode, roomTopic, roomId, contactName, contactId }: Target): string {
  if (contactId !== undefined) return `${botcode} @#${quoted(contactId)}`;
  if (contactName !== undefined) return `${botcode} @${quoted(contactName)}`;
  if (roomId !== undefined) return `${botcode} #${quoted(roomId)}`;
  return `${botcode} ${quoted(roomTopic ?? '')}`;
}

/** What begins like a sign, or does not show where it ends, is written so that it is read as it is. */
function quoted(name: string): string {
  const plain = /^[^#@"\s]/.test(name) && name.trim() === name && !/[\n\r]/.test(name);
  return plain ? name : JSON.stringify(name);
}

function targetOf(line: string): Target {
  const [, botcode, sign, rest] = /^(\S+)\s+(@#|@|#|)(.+)$/.exec(line) ?? [];
  const name = rest === undefined ? undefined : unquoted(rest.trim());
  if (botcode === undefined || name === undefined || name === '') {
    throw new Fault(w.badTarget(line), 'targets');
  }
  if (sign === '@#') return { botcode, contactId: name };
  if (sign === '@') return { botcode, contactName: name };
  return sign === '#' ? { botcode, roomId: name } : { botcode, roomTopic: name };
}

/** Undefined: begins with a quotation mark, and is no JSON. */
function unquoted(name: string): string | undefined {
  if (!name.startsWith('"')) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return undefined;
  }
}
