import { startDaemon } from './daemon.ts';
import { SlowWebhook } from './slow-webhook.ts';

/** As a page of the mini program writes it. */
export const timestamp = '2026/11/22 10:00:00';

export interface SlowChatbot {
  url: string;
  /** What is asked with 慢 in front waits for its answer; 快 is answered at once. */
  webhook: SlowWebhook;
  /** Nothing was asked, and what will be is answered at once. */
  calm(): void;
  close(): Promise<void>;
}

/** A daemon whose chatbot has an answer when a test lets it. */
export async function slowChatbot(): Promise<SlowChatbot> {
  const webhook = new SlowWebhook();
  await webhook.start();
  const slow = { type: 'webhook', url: webhook.url };
  const running = await startDaemon({
    rules: [
      { name: 'slow', kind: 'prefix', pattern: '慢', reply: slow },
      { name: 'fast', kind: 'prefix', pattern: '快', reply: { type: 'text', text: '马上' } },
    ],
  });
  return {
    url: running.url,
    webhook,
    calm() {
      webhook.asked.length = 0;
      webhook.answer = async ({ text }) => ({ text: `答：${text}` });
    },
    async close() {
      await running.close();
      await webhook.stop();
    },
  };
}
