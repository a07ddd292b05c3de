import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Knowledge } from '../../bot/chatbot/knowledge.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { thresholdsSchema } from '../../config/chatbot-schema.ts';
import { createLogger } from '../../config/logger.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

/** A knowledge base over a real database in a folder of its own. */
export async function createKnowledgeRig() {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-kb-'));
  const file = join(folder, 'wxrc.db');
  const clock = new VirtualClock();
  let db = new SqliteDatabase({ file });
  await migrate(db, { now: 1 });
  const open = async (): Promise<Knowledge> => {
    const knowledge = new Knowledge({
      ...{ db, clock, logger: createLogger('silent'), bases: {} },
      thresholds: thresholdsSchema.parse({}),
    });
    await knowledge.start();
    return knowledge;
  };
  const rig = {
    clock,
    get db() {
      return db;
    },
    knowledge: await open(),
    /** As after a restart of the daemon. */
    async reopen(): Promise<void> {
      await rig.knowledge.stop();
      await db.close();
      db = new SqliteDatabase({ file });
      rig.knowledge = await open();
    },
    async close(): Promise<void> {
      await rig.knowledge.stop();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

export type KnowledgeRig = Awaited<ReturnType<typeof createKnowledgeRig>>;
