import type { WechatSettings } from '../../config/wechat-schema.ts';
import type { JsonObject } from './answer.ts';
import { fillFields, type NoticeFacts } from './subscribe-fields.ts';

export type SubscribeSettings = NonNullable<WechatSettings['subscribe']>;

/** The body of subscribe/send. */
export function subscribeBody(
  openId: string,
  settings: SubscribeSettings,
  facts: NoticeFacts,
  timezone: string,
): JsonObject {
  const { templateId, page, state, language, fields } = settings;
  return {
    touser: openId,
    template_id: templateId,
    ...(page !== undefined && { page }),
    miniprogram_state: state,
    lang: language,
    data: fillFields(fields, facts, timezone),
  };
}

/** The field that WeChat names in a 47003, e.g. `thing2`. */
export function faultyField(errmsg: string): string | undefined {
  return /data\.([a-z_]+\d+)/.exec(errmsg)?.[1];
}
