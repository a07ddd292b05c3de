import type { Ask } from './responder.ts';

/** Asks an address for an answer. Undefined: it has none. Rejects when it cannot be had. */
export type AskWebhook = (url: string, ask: Ask) => Promise<string | undefined>;

const timeoutMs = 10_000;
const mostBytes = 65_536;

/** The addresses are the operator's own: they stand in rules. */
export const askWebhook: AskWebhook = async (url, { question, chat, botcode, roomId, signal }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      text: question,
      chatId: chat.id,
      channel: chat.channel,
      botcode,
      roomId,
    }),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new WebhookFailure(`webhook answered ${response.status}`);
  }
  const said: unknown = JSON.parse((await bounded(response)) || '{}');
  const text = typeof said === 'object' && said !== null && 'text' in said ? said.text : undefined;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
};

class WebhookFailure extends Error {}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > mostBytes) throw new WebhookFailure('webhook answered too much');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
