import type { Tx } from '../../store/database.ts';
import type { Content } from '../im/content.ts';
import type { ConversationPort, CustomerDoor } from '../im/conversation.ts';
import type { Account } from './account.ts';
import type { CreditPort, ProfilePort, WindowAction, WindowPort } from './ports.ts';
import type { Push } from './push.ts';
import { choicesOf, outcomesOf } from './push-content.ts';

export interface EffectOptions {
  conversations: Pick<ConversationPort, 'fromCustomer'>;
  windows: WindowPort;
  credits: CreditPort;
  /** Who keeps something of a user besides windows and credits. */
  profiles: readonly ProfilePort[];
  door: CustomerDoor;
}

/** A push as it is worked off. */
export interface Told extends Pick<Push, 'account' | 'kind' | 'fields' | 'openId'> {
  content: Content;
  receivedAt: number;
}

/**
 * Does in one transaction what a push causes: what may be sent now, what is allowed, what is
 * forgotten, and what the agent is told.
 * @param account undefined: the config has it no more; what was taken is worked off nevertheless
 */
export async function causeEffects(
  tx: Tx,
  push: Told,
  account: Account | undefined,
  options: EffectOptions,
): Promise<void> {
  const { openId, kind, receivedAt: at } = push;
  // About the account, not about anybody.
  if (openId === '') return;
  const { windows, credits } = options;
  const whose = [push.account, openId] as const;
  const action = actionOf(kind);
  // @NOTE the time it came, not CreateTime: that is anything.
  if (action !== undefined) await windows.opened(tx, ...whose, action, at);
  switch (kind) {
    case 'event:subscribe_msg_popup_event':
      await credits.answered(tx, ...whose, choicesOf(push), at);
      break;
    case 'event:subscribe_msg_change_event':
      await credits.changed(tx, ...whose, choicesOf(push), at);
      break;
    case 'event:subscribe_msg_sent_event':
      await credits.sent(tx, ...whose, outcomesOf(push), at);
      break;
    case 'event:unsubscribe':
      await windows.forget(tx, ...whose);
      await credits.forget(tx, ...whose);
      for (const profile of options.profiles) await profile.forget(tx, ...whose);
      break;
  }
  if (!untold.has(kind)) await tell(tx, push, account, options);
}

/** What lets us write to a user; undefined: this does not. */
function actionOf(kind: string): WindowAction | undefined {
  return kind.startsWith('event:') ? eventActions[kind] : 'message';
}

const eventActions: Readonly<Record<string, WindowAction>> = {
  'event:user_enter_tempsession': 'enter',
  'event:subscribe': 'follow',
  'event:scan': 'scan',
  'event:click': 'click',
  // Buttons of the menu, too.
  'event:scancode_push': 'click',
  'event:scancode_waitmsg': 'click',
};

/** What agents are not told: what became of our own messages, and that a user wants to be forgotten. */
const untold = new Set([
  'event:subscribe_msg_popup_event',
  'event:subscribe_msg_change_event',
  'event:subscribe_msg_sent_event',
  'event:templatesendjobfinish',
  'event:masssendjobfinish',
  'event:unsubscribe',
]);

async function tell(
  tx: Tx,
  push: Told,
  account: Account | undefined,
  { conversations, door }: EffectOptions,
): Promise<void> {
  const { openId, kind, content } = push;
  const settings = account?.settings;
  const talk = await conversations.fromCustomer(tx, {
    customer: { via: 'wechat', account: push.account, contact: openId },
    storeId: settings?.storeId,
    content,
  });
  const { welcome, kind: sort } = settings ?? {};
  // Where nothing may be said in the answer, it is said like any word of an agent.
  if (welcome === undefined || sort !== 'miniprogram') return;
  if (kind !== 'event:user_enter_tempsession') return;
  await door.send(tx, {
    ...{ account: push.account, openId, content: { type: 'text', text: welcome } },
    ...{ messageId: talk.message.id, conversation: talk.conversation.id },
    // Nobody said it: nobody is told when it does not arrive.
    agent: '',
  });
}
