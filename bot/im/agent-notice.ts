import type { AgentNotice } from './conversation.ts';

/**
 * A system frame of the official-account component, as it is stored: what became of an answer.
 * @NOTE its document has the code of system messages as a text.
 */
export function agentNotice(notice: AgentNotice, now: number): Buffer {
  const { event, contact, messageId, reason, errcode, text } = notice;
  const frame = {
    data: {
      name: '系统消息',
      avatar: '',
      msg_type: 'system',
      contact_id: 'system01',
      company_id: '',
      send_time: Math.floor(now / 1000),
      msg: { event, contact_id: contact, id: String(messageId), reason, errcode, text },
    },
    result: { code: '102', message: 'common' },
  };
  return Buffer.from(JSON.stringify(frame), 'utf8');
}
