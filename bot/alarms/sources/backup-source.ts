import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { Backups } from '../../backups/backups.ts';
import { mostAge } from '../../backups/due.ts';
import type { AlarmSource, Trouble } from '../trouble.ts';
import { lasted } from '../words.ts';

/** A backup failed, was taken away, the newest is too old, or a trial of it failed. */
export function backupSource(
  backups: Pick<Backups, 'settings' | 'last' | 'newestAt' | 'on'>,
  settings: () => AlarmSettings,
  /** Since when backups can have been made: nobody asks for one of before. */
  startedAt: () => number,
): AlarmSource {
  return {
    name: 'backups',
    everyMs: 60_000,
    onChange: (listener) => backups.on(listener),
    troubles: async (now) => {
      const { backup } = settings().rules;
      if (!backup.enabled) return [];
      const afterMs = backup.afterSeconds * 1000;
      const found: Trouble[] = [];
      const { newestAt } = backups;
      const [last, drill] = [await backups.last('backup'), await backups.last('drill')];
      const most = mostAge(backups.settings);
      const age = now - (newestAt ?? startedAt());
      if (last?.ok === 0) found.push(failed(last.error ?? '', afterMs));
      else if (last !== undefined && newestAt === undefined) found.push(away(afterMs));
      else if (most !== undefined && age > most) found.push(old(age, afterMs));
      if (drill?.ok === 0) found.push(drillFailed(drill.file ?? '', drill.error ?? '', afterMs));
      return found;
    },
  };
}

function failed(why: string, afterMs: number): Trouble {
  return trouble('backup', 1, afterMs, `备份失败：${why}`, `the backup failed: ${why}`);
}

function away(afterMs: number): Trouble {
  return trouble('backup', 2, afterMs, '备份文件都不在了', 'no backup is there any more');
}

function old(age: number, afterMs: number): Trouble {
  return trouble(
    'backup',
    1,
    afterMs,
    `最近一次成功的备份已是 ${lasted(age, 'zh')} 前`,
    `the newest backup is ${lasted(age, 'en')} old`,
  );
}

function drillFailed(file: string, why: string, afterMs: number): Trouble {
  return trouble(
    'backup:drill',
    2,
    afterMs,
    `备份 ${file} 恢复演练失败：${why}`,
    `the backup ${file} could not be restored for a trial: ${why}`,
  );
}

function trouble(key: string, stage: number, afterMs: number, zh: string, en: string): Trouble {
  return { key, kind: 'backup', subject: 'backup', stage, afterMs, text: { zh, en } };
}
