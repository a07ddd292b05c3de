import { RealClock } from '../../bot/clock.ts';
import { Fetcher } from '../../bot/fetcher.ts';
import type { SendDesk } from '../../bot/reports/messages.ts';
import { Reports } from '../../bot/reports/reports.ts';
import { createLogger } from '../../config/logger.ts';
import { reportingSchema } from '../../config/report-schema.ts';
import { openVault } from '../../config/secrets.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

// One of several processes on one database, with its clock off by so much.
// Arguments: folder, offset in ms. It stops when its standard input ends.
const [folder = '', offset = '0'] = process.argv.slice(2);

class OffClock extends RealClock {
  override now(): number {
    return super.now() + Number(offset);
  }
}

/** Writes sends as the real one does, but for their numbers: the daemon gives them from memory. */
function desk(): SendDesk {
  return {
    onChange: () => {},
    prepare: (send) => ({
      send,
      place: { lane: 'x', roomId: undefined, absent: false },
      accountId: undefined,
      parts: 1,
    }),
    accept: async (tx, { send }, claim) => {
      const last = await tx.get<{ last: number | null }>('SELECT max(msgid) AS last FROM sends');
      const msgid = Number(last?.last ?? 0) + 1;
      await tx.run(
        `INSERT INTO sends (msgid, state, botcode, chid, txcode, day, kind, lane, payload, accepted_at, expires_at, settled_at)
         VALUES (?, 'sent', ?, ?, ?, ?, 'text', 'x', ?, ?, ?, ?)`,
        [
          ...[msgid, send.botcode, send.chid, send.txcode, claim?.day ?? null],
          ...[String(process.pid), Date.now(), send.expiresAt, Date.now()],
        ],
      );
      return { msgid, state: 'queued', reason: undefined };
    },
    status: async () => [{ state: 'sent' }] as never,
  };
}

const db = new SqliteDatabase({ file: `${folder}/wxrc.db` });
const reports = new Reports({
  ...{ db, vault: openVault(folder), desk: desk(), dataDir: folder, keepDays: 90 },
  clock: new OffClock(),
  bots: { list: () => [] },
  files: { put: () => Promise.reject(new Error('no files')) },
  fetcher: new Fetcher({ allow: [], maxBytes: 1, timeoutMs: 1 }),
  pictures: { render: () => Promise.reject(new Error('no pictures')) },
  ...{ reports: [], reporting: reportingSchema.parse({ concurrency: 8 }) },
  ...{ zone: 'UTC', language: 'en', logger: createLogger('silent'), shared: true, leaseMs: 2000 },
});
await reports.start();
process.stdout.write('ready\n');
process.stdin.resume().once('end', () => {
  void reports
    .stop()
    .then(() => db.close())
    .then(() => process.exit(0));
});
