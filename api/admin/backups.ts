import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { sentence } from '../sentence.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const fileName = z.string().describe('Name of the file, without its folder.');
const backupName = z.string().regex(/^wxrc-[\w-]{1,40}\.backup$/, 'not the name of a backup');

const backupView = z.object({
  file: fileName,
  bytes: z.int(),
  at: time,
  auto: z.boolean().describe('Made by itself: rotation takes it away in time.'),
  sha256: z.string().nullable().describe('Null: made before a restoration, or elsewhere.'),
});

const step = z.object({ name: z.string(), ok: z.boolean(), detail: sentence });

const createBackup = operation({
  id: 'createBackup',
  method: 'post',
  path: '/backups',
  role: 'admin',
  tag: 'system',
  summary: 'Back everything up into one file on the machine of the daemon, while it runs',
  description: 'Checked for integrity before it is named. It stays until somebody removes it.',
  answer: backupView,
  status: 201,
  handle: async ({ backups }) => {
    try {
      return await backups.make('operator');
    } catch (error) {
      if (error instanceof Error && error.name === 'NoRoomForBackup') {
        throw new AppError('conflict', { zh: `空间不足：${error.message}`, en: error.message });
      }
      throw error;
    }
  },
});

const listBackups = operation({
  id: 'listBackups',
  method: 'get',
  path: '/backups',
  tag: 'system',
  summary: 'Backups, newest first; at most 200',
  answer: z.object({
    items: z.array(backupView),
    nextAt: time.nullable().describe('When the next one is planned; null: none is.'),
    busy: z.boolean().describe('One is being made or tried just now.'),
  }),
  handle: async ({ backups }) => {
    const items = await Promise.all(
      backups
        .list()
        .slice(0, 200)
        .map(async (one) => ({
          ...one,
          sha256: (await backups.runOf(one.file))?.sha256 ?? null,
        })),
    );
    return { items, nextAt: (await backups.nextAt()) ?? null, busy: backups.busy };
  },
});

const listRuns = operation({
  id: 'listBackupRuns',
  method: 'get',
  path: '/backups/runs',
  tag: 'system',
  summary: 'Backups and trials of them: how each went, newest first',
  query: z.strictObject(numberPaging),
  answer: page(
    z.object({
      id: z.int(),
      kind: z.enum(['backup', 'drill']),
      cause: z.enum(['schedule', 'operator']),
      at: time,
      tookMs: z.int(),
      ok: z.boolean(),
      file: fileName.nullable(),
      bytes: z.int().nullable(),
      sha256: z.string().nullable(),
      error: sentence.nullable(),
      steps: z.array(step).describe('Of a trial.'),
    }),
  ),
  handle: async ({ backups }, { query: { limit, cursor } }) => {
    const rows = await backups.runs(cursor, limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => ({
        id: row.id,
        kind: row.kind,
        cause: row.cause,
        at: Number(row.at),
        tookMs: Number(row.took_ms),
        ok: row.ok === 1,
        file: row.file,
        bytes: row.bytes === null ? null : Number(row.bytes),
        sha256: row.sha256,
        error: row.error,
        steps: row.details === null ? [] : (JSON.parse(row.details) as z.output<typeof step>[]),
      })),
      next: rows.length > limit && last !== undefined ? String(last.id) : null,
    };
  },
});

const drillBackup = operation({
  id: 'drillBackup',
  method: 'post',
  path: '/backups/drill',
  role: 'admin',
  tag: 'system',
  summary:
    'Restore a backup for a trial: into a folder of its own, with a daemon that reaches nobody',
  description: 'The newest, unless one is named. Takes seconds to minutes; nothing of it stays.',
  body: z.strictObject({ file: backupName.optional() }),
  answer: z.object({
    ok: z.boolean(),
    file: fileName,
    madeAt: time,
    tookMs: z.int(),
    steps: z.array(step),
  }),
  handle: ({ backups }, { body }) => backups.drill('operator', body.file),
});

export const backupOperations = [listRuns, drillBackup, createBackup, listBackups];
