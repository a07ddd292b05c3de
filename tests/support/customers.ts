import { createHash, randomUUID } from 'node:crypto';
import type { Sandbox } from '../../scripts/wechat-sandbox/sandbox.ts';
import type { AdminClient } from './admin-client.ts';
import { post } from './chatbot-client.ts';
import { eventually } from './eventually.ts';
import { GobelieveClient } from './gobelieve-client.ts';
import { ImbotClient } from './imbot-client.ts';

/** Where a daemon of these customers is: another one after each restart. */
export interface Place {
  url: string;
  imPort: number;
}

/** Somebody who comes by one of the ways, and what he has read of answers. */
export interface Customer {
  via: 'wechat' | 'imbot' | 'gobelieve' | 'chat';
  ask(words: string): Promise<void>;
  /** Each answer as often as it came. */
  heard(): Promise<unknown[]>;
  /** His conversation, once there is one. */
  id(): Promise<number>;
  /** Ends a chat. */
  leave?(): Promise<void>;
}

/** A customer of each way; the one of GoBelieve is user 101 of application 8, and asks seller 502 of application 7. */
export function oneOfEach(place: () => Place, admin: AdminClient, sandbox: Sandbox) {
  const imbot = new ImbotClient(() => place().url);
  const sessionId = randomUUID();
  let asked = 0;
  const idOf = (via: string, text: string) => (): Promise<number> =>
    eventually(`the conversation of ${text}`, async () => {
      const path = `/im/conversations?via=${via}&text=${encodeURIComponent(text)}`;
      return Number((await admin.ok('GET', path)).body.items[0]?.id) || undefined;
    });
  return {
    wechat: {
      via: 'wechat',
      ask: async (words) => void (await sandbox.say('oAnn', { text: words })),
      heard: async () => textsOf(sandbox.messages('oAnn').filter((one) => one.via === 'custom')),
      id: idOf('wechat', 'oAnn'),
    },
    imbot: {
      via: 'imbot',
      ask: (words) => imbot.say('carl', 'desk', { type: 'text', reply: words, timestamp: 1 }),
      heard: async () =>
        (await imbot.history('502', 'carl')).map((one) => Object(one)['reply'] as unknown),
      id: idOf('imbot', 'carl'),
    },
    gobelieve: {
      via: 'gobelieve',
      ask: async (words) => {
        const client = await userOf(place(), 8, 101);
        await client.customer(7, 502, JSON.stringify({ text: words }));
        await client.close();
      },
      heard: async () => {
        const { items } = (await admin.ok('GET', '/im/apps/8/users/101/messages')).body;
        return items
          .filter((one) => Object(one).sender === 502)
          .map((one) => Object(one).json.text as unknown)
          .reverse();
      },
      id: idOf('gobelieve', '101'),
    },
    chat: {
      via: 'chat',
      ask: async (words) => {
        const say = async (content: string): Promise<void> => {
          asked += 1;
          const timestamp = `2026/11/22 10:00:${String(asked).padStart(2, '0')}`;
          await post(place().url, '/send', { sessionId, content, timestamp });
        };
        // Until then the bot answers.
        if (asked === 0) await say('转人工').then(idOf('chat', sessionId));
        await say(words);
      },
      heard: async () => {
        const { items } = (await admin.ok('GET', `/chatbot/chats/${sessionId}/turns`)).body;
        return (
          (items as unknown as Turn[])
            .filter(({ trace }) => trace.some(({ step }) => step === 'human'))
            .map(({ answer }) => answer)
            .reverse()
            // The word that somebody comes.
            .slice(1)
        );
      },
      leave: async () => void (await post(place().url, '/destroy', { sessionId })),
      id: idOf('chat', sessionId),
    },
  } satisfies Record<Customer['via'], Customer>;
}

interface Turn {
  answer: string;
  trace: { step: string }[];
}

function textsOf(messages: readonly { text?: unknown }[]): unknown[] {
  return messages.map((one) => one.text);
}

async function userOf({ url, imPort }: Place, appid: number, uid: number) {
  const secret = createHash('md5').update('secret').digest('hex');
  const response = await fetch(`${url}/auth/grant`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${appid}:${secret}`).toString('base64')}` },
    body: JSON.stringify({ uid }),
  });
  const { data } = (await response.json()) as { data: { token: string } };
  const client = new GobelieveClient({ address: { tcp: imPort }, appid, uid, token: data.token });
  await client.connect();
  await client.holds(0);
  return client;
}
