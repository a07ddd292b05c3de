import { expect, it } from 'vitest';
import { llmSchema } from '../../config/chatbot-schema.ts';
import { ChatUsageStore } from '../../store/chat-usage.ts';
import { KbVectorStore } from '../../store/kb-vectors.ts';
import { ModelRig } from '../../tests/support/model-rig.ts';
import { planSteps } from '../../tests/support/plan-steps.ts';
import { StatementLog } from '../../tests/support/statement-log.ts';
import { Budget } from './budget.ts';
import { Embeddings } from './embeddings.ts';

it('looks through no table', async () => {
  const rig = await ModelRig.open();
  const db = new StatementLog(rig.db);
  const { clock, logger, fake } = rig;
  const budget = new Budget({ store: new ChatUsageStore(db), clock, timezone: 'Asia/Shanghai' });
  const reserved = await budget.reserve(10, 100);
  if (reserved !== undefined) await budget.settle(reserved, 5);
  expect(await budget.used()).toEqual({ day: '2026-01-01', tokens: 5, calls: 1 });
  const store = new KbVectorStore(db);
  const settings = llmSchema.parse({
    ...{ baseUrl: fake.baseUrl, model: 'chat', embeddings: { model: 'emb' } },
  });
  const embeddings = new Embeddings({ store, settings, budget, clock, logger });
  await embeddings.refresh();
  await store.vectors([1, 2]);
  await rig.db.transaction((tx) => store.remove(tx, 1));
  const own = [...db.statements].filter((sql) => /kb_vectors|chat_usage/.test(sql));
  expect(own.length).toBeGreaterThan(4);
  const scans = (await planSteps(rig.db, own)).filter(
    ({ sql, detail }) =>
      // Vectors without a phrasing are looked for off the event loop, once a minute.
      !sql.includes('p.id IS NULL') && /^SCAN |TEMP B-TREE/.test(detail),
  );
  expect(scans).toEqual([]);
  await rig.close();
});
