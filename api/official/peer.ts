import type { ConversationPort } from '../../bot/im/conversation.ts';
import { type Message, ownApps } from '../../bot/im/message.ts';
import type { Names } from '../../bot/im/names.ts';
import type { Peer } from './speller.ts';

/**
 * Who is at the other side of a message that lies in a user's inbox: for an agent the customer of
 * the conversation, for a customer the agent, else whoever wrote or was written to.
 */
export function createPeerOf(
  names: Pick<Names, 'nameOf'>,
  conversations: Pick<ConversationPort, 'peek' | 'get'>,
): (message: Message, uid: number) => Promise<Peer> {
  return async (message, uid) => {
    const { parties } = message;
    const number = parties?.conversation;
    const conversation =
      number === undefined
        ? undefined
        : (conversations.peek(number) ?? (await conversations.get(number)));
    const byAgent = parties?.agent !== undefined;
    if (conversation !== undefined) {
      const { customer, contact, name, avatar, agent = '' } = conversation;
      const isCustomer = customer.appid === ownApps.names && customer.uid === uid;
      if (!isCustomer) return { contact, name, avatar, self: byAgent };
      return { contact: parties?.agent ?? agent, name: '', avatar: '', self: !byAgent };
    }
    const self = message.appid === ownApps.names && message.sender === uid;
    const other = self ? message.receiver : message.sender;
    const known = message.appid === ownApps.names ? await names.nameOf(other) : undefined;
    return { contact: known ?? (other === 0 ? '' : String(other)), name: '', avatar: '', self };
  };
}
