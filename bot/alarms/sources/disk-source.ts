import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { DatabaseFault, DatabaseHealth } from '../../../store/database-health.ts';
import type { Text } from '../../errors.ts';
import type { Storage } from '../../storage.ts';
import type { AlarmSource } from '../trouble.ts';

const mib = 1024 * 1024;

/** Little space is left; or none, so that nothing new is taken. */
export function diskSource(
  storage: Pick<Storage, 'freeBytes' | 'full'>,
  settings: () => AlarmSettings,
): AlarmSource {
  return {
    name: 'disk',
    everyMs: 5000,
    troubles: () => {
      const { rules, diskFreeMb } = settings();
      const { freeBytes, full } = storage;
      if (!rules.disk.enabled) return [];
      const little = freeBytes !== undefined && freeBytes < diskFreeMb * mib;
      if (!little && !full) return [];
      const left = freeBytes === undefined ? '?' : Math.floor(freeBytes / mib);
      return [
        {
          key: 'disk',
          kind: 'disk',
          subject: 'data',
          stage: full ? 2 : 1,
          // A full disk does not get better by waiting.
          afterMs: full ? 0 : rules.disk.afterSeconds * 1000,
          text: full
            ? {
                zh: `数据盘已满（剩 ${left} MB），新请求已拒绝，已受理的不受影响`,
                en: `the data disk is full (${left} MB left): new work is refused, what was accepted is kept`,
              }
            : {
                zh: `数据盘空间不足：剩 ${left} MB`,
                en: `the data disk runs out of space: ${left} MB left`,
              },
        },
      ];
    },
  };
}

const faults: Record<DatabaseFault, { stage: number; text: Text }> = {
  full: { stage: 1, text: { zh: '数据库写不下了', en: 'the database finds no room' } },
  io: { stage: 1, text: { zh: '数据库读写出错', en: 'the database cannot be read or written' } },
  'read-only': { stage: 2, text: { zh: '数据库只读，无法写入', en: 'the database is read-only' } },
  gone: {
    stage: 3,
    text: {
      zh: '数据库文件被删除或替换，新请求已拒绝；停机前请看运维文档',
      en: 'the file of the database was taken away: new work is refused; read the operations page before you stop the daemon',
    },
  },
  damaged: {
    stage: 3,
    text: {
      zh: '数据库已损坏，请用最近的备份恢复',
      en: 'the database is damaged: restore the newest backup',
    },
  },
};

/** The database refuses. */
export function databaseSource(
  health: Pick<DatabaseHealth, 'fault' | 'since' | 'on'>,
  settings: () => AlarmSettings,
): AlarmSource {
  return {
    name: 'database',
    everyMs: 5000,
    onChange: (listener) => health.on(listener),
    troubles: () => {
      const { database } = settings().rules;
      if (!database.enabled || health.fault === undefined) return [];
      const { stage, text } = faults[health.fault];
      return [
        {
          key: 'database',
          kind: 'database',
          subject: 'wxrc.db',
          stage,
          // What is gone does not come back by waiting.
          afterMs: health.fault === 'gone' ? 0 : database.afterSeconds * 1000,
          text,
        },
      ];
    },
  };
}
