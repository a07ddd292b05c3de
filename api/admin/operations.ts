import { alarmOperations } from './alarms.ts';
import { auditOperations } from './audit.ts';
import { backupOperations } from './backups.ts';
import { botContentOperations } from './bot-contents.ts';
import { botHistoryOperations } from './bot-history.ts';
import { botOperations } from './bots.ts';
import { channelOperations } from './channels.ts';
import { chatbotEntryOperations } from './chatbot-kb.ts';
import { chatbotKnowledgeOperations } from './chatbot-knowledge.ts';
import { chatbotModelOperations } from './chatbot-model.ts';
import { chatbotRuleOperations } from './chatbot-rules.ts';
import { unansweredOperations } from './chatbot-unanswered.ts';
import { chatOperations } from './chats.ts';
import { deadSendOperations } from './dead-sends.ts';
import { deliveryOperations } from './deliveries.ts';
import { imOperations } from './im.ts';
import type { Operation } from './operation.ts';
import { overviewOperations } from './overview.ts';
import { profileOperations } from './profile.ts';
import { qrShareOperations } from './qr-share.ts';
import { runOperations } from './runs.ts';
import { scheduledSendOperations } from './scheduled-sends.ts';
import { scheduleOperations } from './schedules.ts';
import { sendOperations } from './sends.ts';
import { sessionOperations } from './sessions.ts';
import { systemOperations } from './system.ts';
import { traceOperations } from './trace.ts';
import { userOperations } from './users.ts';
import { wechatAccountOperations } from './wechat-accounts.ts';
import { wechatOutboxOperations } from './wechat-outbox.ts';
import { wechatPushOperations } from './wechat-pushes.ts';

/** Every operation of the admin API: the router and the OpenAPI document are made of this list. */
export const adminOperations: readonly Operation[] = [
  ...sessionOperations,
  ...userOperations,
  ...profileOperations,
  ...auditOperations,
  ...channelOperations,
  ...botOperations,
  ...botContentOperations,
  ...qrShareOperations,
  ...botHistoryOperations,
  ...overviewOperations,
  ...sendOperations,
  ...deadSendOperations,
  ...deliveryOperations,
  ...imOperations,
  ...wechatAccountOperations,
  ...wechatPushOperations,
  ...wechatOutboxOperations,
  ...chatbotEntryOperations,
  ...chatbotKnowledgeOperations,
  ...unansweredOperations,
  ...chatbotRuleOperations,
  ...chatbotModelOperations,
  ...chatOperations,
  ...scheduleOperations,
  ...runOperations,
  ...scheduledSendOperations,
  ...traceOperations,
  ...alarmOperations,
  ...systemOperations,
  ...backupOperations,
];
