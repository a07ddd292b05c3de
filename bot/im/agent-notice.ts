import type { AgentNotice } from './conversation.ts';
import type { User } from './message.ts';

/** A conversation is given to an agent. */
export interface Assigned {
  event: 'assigned';
  contact: string;
  text: string;
}

/** The customer of the chatbot answers, and is answered, no more: back with the bot, or gone. */
export interface Ended {
  event: 'ended';
  contact: string;
  reason: 'back' | 'closed' | 'idle';
  text: string;
}

/**
 * A system frame of the official-account component, as it is stored.
 * @NOTE its document has the code of system messages as a text.
 */
export function agentNotice(notice: AgentNotice | Assigned | Ended, now: number): Buffer {
  const frame = {
    data: {
      name: '系统消息',
      avatar: '',
      msg_type: 'system',
      contact_id: 'system01',
      company_id: '',
      send_time: Math.floor(now / 1000),
      msg: factsOf(notice),
    },
    result: { code: '102', message: 'common' },
  };
  return Buffer.from(JSON.stringify(frame), 'utf8');
}

/**
 * The same for a client of GoBelieve: a system message.
 * @param customer as its seller sees him
 */
export function sellerNotice(notice: AgentNotice | Assigned | Ended, customer: User): Buffer {
  const { appid, uid } = customer;
  return Buffer.from(JSON.stringify({ ...factsOf(notice), customer: { appid, uid } }), 'utf8');
}

function factsOf(notice: AgentNotice | Assigned | Ended) {
  const { event, contact, text } = notice;
  if (event === 'assigned') return { event, contact_id: contact, text };
  if (event === 'ended') return { event, contact_id: contact, reason: notice.reason, text };
  const { messageId, reason, errcode } = notice;
  return { event, contact_id: contact, id: String(messageId), reason, errcode, text };
}
