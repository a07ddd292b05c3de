import type { ToolContext } from './tool.ts';

interface Wish {
  text?: string | undefined;
  in: 'sends' | 'conversations' | 'both';
  botcode?: string | undefined;
  chid?: string | undefined;
  state?: string | undefined;
  limit: number;
}

interface Listed<T> {
  items: T[];
  next: string | null;
}

/** So far it looks back: an answer in time is worth more than all of it. */
const mostSends = 2000;
const mostConversations = 30;
const wordsOfEach = 100;

/** Sends and words of conversations that hold a text, newest first. */
export async function searchMessages(wish: Wish, context: ToolContext) {
  const [sends, conversations] = await Promise.all([
    wish.in === 'conversations' ? nothing : ofSends(wish, context),
    wish.in === 'sends' ? nothing : ofConversations(wish, context),
  ]);
  return {
    sends: sends.found,
    conversations: conversations.found,
    searched: { sends: sends.looked, words: conversations.looked },
  };
}

const nothing = { found: [], looked: 0 };

async function ofSends({ text, limit, botcode, chid, state }: Wish, { ask }: ToolContext) {
  const found: unknown[] = [];
  let looked = 0;
  let cursor: string | undefined;
  do {
    const page: Listed<{ content: unknown }> = await ask('listSends', {
      query: defined({ limit: 200, cursor, botcode, chid, state }),
    });
    for (const send of page.items) {
      looked += 1;
      if (holds(send.content, text)) found.push(send);
      if (found.length === limit) return { found, looked };
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && looked < mostSends);
  return { found, looked };
}

async function ofConversations({ text, limit }: Wish, { ask }: ToolContext) {
  const found: { at: number }[] = [];
  let looked = 0;
  const { items } = await ask<Listed<{ id: number; contact: string; name: string }>>(
    'listConversations',
    { query: { limit: mostConversations } },
  );
  for (const { id, contact, name } of items) {
    const words = await ask<Listed<{ at: number; content: unknown }>>('listConversationMessages', {
      params: { id },
      query: { limit: wordsOfEach },
    });
    looked += words.items.length;
    const fitting = words.items.filter((word) => holds(word.content, text));
    found.push(...fitting.map((word) => ({ conversation: id, contact, name, ...word })));
  }
  return { found: found.sort((a, b) => b.at - a.at).slice(0, limit), looked };
}

function holds(content: unknown, text: string | undefined): boolean {
  if (text === undefined) return true;
  return JSON.stringify(content)
    .toLowerCase()
    .includes(JSON.stringify(text).slice(1, -1).toLowerCase());
}

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
