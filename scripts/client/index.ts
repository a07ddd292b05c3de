export { Admin, type ListId } from './admin.ts';
export { Chatbot, type Reply } from './chatbot.ts';
export { WxrcClient, type WxrcOptions } from './client.ts';
export {
  type Card,
  type CommandAnswer,
  type CommandBodies,
  type CommandName,
  Commands,
  type Contact,
  type Message,
  type Room,
} from './commands.ts';
export {
  ChatbotError,
  ConnectionError,
  ProblemError,
  type RtCode,
  RtCodeError,
  WebhookError,
  WxrcError,
} from './errors.ts';
export { Events, type EventType, type WxrcEvent } from './events.ts';
export type { RetrySettings } from './http.ts';
export { ImServer } from './im-server.ts';
export type { Answer, CallOptions, Given, OperationId } from './operations.ts';
export type { SignatureType } from './signature.ts';
export type { Operations, Paths, Schemas } from './types.ts';
export {
  readWebhook,
  type Webhook,
  type WebhookCheck,
  type WebhookRequest,
} from './webhook.ts';
