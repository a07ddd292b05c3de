import { type Answer, jsonType, Refusal } from './answers.ts';
import { type ApiCall, accountOf, isObject, jsonBody, userOf } from './api-call.ts';
import { faultyField } from './field-rules.ts';
import type { Account } from './types.ts';
import type { User } from './user.ts';

export interface Sent {
  account: Account;
  user: User;
  templateId: string;
  msgId: bigint;
}

const states = ['developer', 'trial', 'formal'];
const languages = ['zh_CN', 'en_US', 'zh_HK', 'zh_TW'];

/** POST /cgi-bin/message/subscribe/send. `sent` is told, so that the event can follow. */
export function subscribeSend(call: ApiCall, sent: (what: Sent) => void): Answer {
  const account = accountOf(call);
  const body = jsonBody(call);
  const user = userOf(call, account, body);
  if (!call.alone) throw new Refusal(43108);
  const templateId = String(body['template_id'] ?? '');
  const template = account.templates.get(templateId);
  if (templateId === '' || (account.templates.size > 0 && template === undefined)) {
    throw new Refusal(40037);
  }
  if (!among(states, body['miniprogram_state']) || !among(languages, body['lang'])) {
    throw new Refusal(47001);
  }
  const data = body['data'];
  if (!isObject(data)) throw new Refusal(47001);
  const fault = faultyField(data, template);
  if (fault !== undefined) throw new Refusal(47003, `argument invalid! ${fault} invalid`);
  const credits = user.credits.get(templateId) ?? 0;
  if (user.blocked || credits <= 0) throw new Refusal(43101);
  if (template?.longTerm !== true) user.credits.set(templateId, credits - 1);
  const msgId = call.world.nextMsgId();
  const text = Object.values(data)
    .map((one) => String((one as { value: unknown }).value))
    .join('\n');
  user.see({ at: call.now, via: 'subscribe', msgtype: 'subscribe', text, data: body });
  sent({ account, user, templateId, msgId });
  // By hand: the number is past what a double holds, as WeChat's are.
  return { type: jsonType, body: `{"errcode":0,"errmsg":"ok","msgid":${msgId}}` };
}

function among(values: string[], value: unknown): boolean {
  return value === undefined || value === '' || values.includes(String(value));
}
