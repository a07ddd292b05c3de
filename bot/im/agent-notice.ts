import type { AgentNotice } from './conversation.ts';

/** A conversation is given to an agent. */
export interface Assigned {
  event: 'assigned';
  contact: string;
  text: string;
}

/**
 * A system frame of the official-account component, as it is stored.
 * @NOTE its document has the code of system messages as a text.
 */
export function agentNotice(notice: AgentNotice | Assigned, now: number): Buffer {
  const { contact, text } = notice;
  const frame = {
    data: {
      name: '系统消息',
      avatar: '',
      msg_type: 'system',
      contact_id: 'system01',
      company_id: '',
      send_time: Math.floor(now / 1000),
      msg: { event: notice.event, contact_id: contact, ...detailsOf(notice), text },
    },
    result: { code: '102', message: 'common' },
  };
  return Buffer.from(JSON.stringify(frame), 'utf8');
}

function detailsOf(notice: AgentNotice | Assigned) {
  if (notice.event === 'assigned') return {};
  const { messageId, reason, errcode } = notice;
  return { id: String(messageId), reason, errcode };
}
