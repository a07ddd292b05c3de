import type { Body } from '../../api.ts';
import { w } from './words.ts';

export type Target = Body<'post', '/schedules'>['targets'][number];

/** `bot01 测试群`, a line each; `#` before an id. @throws Error that says which line it cannot read */
export function targetsOf(text: string): Target[] {
  const lines = text
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return lines.map((line) => {
    const [, botcode, room] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
    if (botcode === undefined || room === undefined) throw new Error(w.badTarget(line));
    return room.startsWith('#') ? { botcode, roomId: room.slice(1) } : { botcode, roomTopic: room };
  });
}

export function textOfTargets(targets: readonly Target[]): string {
  return targets
    .map((one) => `${one.botcode} ${one.roomId === undefined ? one.roomTopic : `#${one.roomId}`}`)
    .join('\n');
}
