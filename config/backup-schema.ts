import { z } from 'zod';

/** When backups are made by themselves, and which are kept. */
export const backupSchema = z
  .strictObject({
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day like 03:30')
      .optional()
      .describe('Once a day at this time, in the configured zone.'),
    everyHours: z.number().min(0.25).max(168).optional().describe('Instead: so many hours apart.'),
    keep: z
      .strictObject({
        daily: z.int().min(1).max(366).default(7).describe('Days of which the newest is kept.'),
        weekly: z.int().min(0).max(520).default(4).describe('Weeks of which the newest is kept.'),
      })
      .prefault({}),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe('Default: `backups` in the data directory. Better: another disk.'),
    drillDays: z
      .int()
      .min(0)
      .max(365)
      .default(0)
      .describe('Every so many days a backup is restored for a trial; 0: only when asked.'),
  })
  .refine((backup) => backup.at === undefined || backup.everyHours === undefined, {
    path: ['everyHours'],
    message: 'either `at` or `everyHours`',
  });
export type BackupSettings = z.infer<typeof backupSchema>;
