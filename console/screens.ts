import type { FunctionComponent } from 'preact';
import type { IconName } from './components/icon.tsx';
import type { Text } from './i18n.ts';
import type { Role } from './session.ts';

/** Where a screen stands in the navigation; without one it is reached from another screen. */
export type Group = 'run' | 'talk' | 'plan' | 'care';

export interface Screen {
  /** `/bots/:botcode`: its parts are the properties of the component. */
  path: string;
  title: Text;
  icon: IconName;
  group?: Group;
  /** Whoever has a lesser role does not see it; default viewer. */
  role?: Role;
  /** Loaded when it is opened first. */
  load: () => Promise<{ Screen: FunctionComponent<Record<string, string>> }>;
}

/** Every screen, in the order of the navigation. Adding one is adding a line. */
// biome-ignore format: a table reads best as one
export const screens: readonly Screen[] = [
  { path: '/', title: { zh: '概览', en: 'Overview' }, icon: 'gauge', group: 'run', load: () => import('./screens/overview/overview.tsx') },
  { path: '/bots', title: { zh: '机器人', en: 'Bots' }, icon: 'bot', group: 'run', load: () => import('./screens/bots/bots.tsx') },
  { path: '/bots/:botcode', title: { zh: '机器人', en: 'Bot' }, icon: 'bot', load: () => import('./screens/bot-detail/bot-detail.tsx') },
  { path: '/sends', title: { zh: '消息', en: 'Messages' }, icon: 'send', group: 'run', load: () => import('./screens/sends/sends.tsx') },
  { path: '/sends/:msgid', title: { zh: '消息', en: 'Message' }, icon: 'send', load: () => import('./screens/send-detail/send-detail.tsx') },
  { path: '/compose', title: { zh: '写消息', en: 'Compose' }, icon: 'pen', group: 'run', role: 'operator', load: () => import('./screens/compose/compose.tsx') },
  { path: '/dead-letters', title: { zh: '死信', en: 'Dead letters' }, icon: 'dead', group: 'run', load: () => import('./screens/dead-letters/dead-letters.tsx') },
  { path: '/conversations', title: { zh: '客服会话', en: 'Conversations' }, icon: 'chat', group: 'talk', load: () => import('./screens/conversations/conversations.tsx') },
  { path: '/conversations/:id', title: { zh: '客服会话', en: 'Conversation' }, icon: 'chat', load: () => import('./screens/conversations/conversations.tsx') },
  { path: '/chatbot', title: { zh: '智能应答', en: 'Chatbot' }, icon: 'spark', group: 'talk', load: () => import('./screens/chatbot/chatbot.tsx') },
  { path: '/chatbot/:id', title: { zh: '会话', en: 'Talk' }, icon: 'spark', load: () => import('./screens/chat-detail/chat-detail.tsx') },
  { path: '/schedules', title: { zh: '报表', en: 'Reports' }, icon: 'clock', group: 'plan', load: () => import('./screens/schedules/schedules.tsx') },
  { path: '/schedules/:name', title: { zh: '报表', en: 'Report' }, icon: 'clock', load: () => import('./screens/schedule-detail/schedule-detail.tsx') },
  { path: '/webhooks', title: { zh: '回调', en: 'Webhooks' }, icon: 'hook', group: 'care', load: () => import('./screens/webhooks/webhooks.tsx') },
  { path: '/webhooks/:chid/:eventId', title: { zh: '事件', en: 'Event' }, icon: 'hook', load: () => import('./screens/webhook-detail/webhook-detail.tsx') },
  { path: '/events', title: { zh: '事件流', en: 'Events' }, icon: 'stream', group: 'care', load: () => import('./screens/events/events.tsx') },
  { path: '/alarms', title: { zh: '告警', en: 'Alarms' }, icon: 'bell', group: 'care', load: () => import('./screens/alarms/alarms.tsx') },
  { path: '/access', title: { zh: '访问', en: 'Access' }, icon: 'key', group: 'care', role: 'admin', load: () => import('./screens/access/access.tsx') },
  { path: '/system', title: { zh: '系统', en: 'System' }, icon: 'gear', group: 'care', load: () => import('./screens/system/system.tsx') },
  { path: '/profile', title: { zh: '我的账户', en: 'Your account' }, icon: 'user', load: () => import('./screens/profile/profile.tsx') },
];

export const groups: Record<Group, Text> = {
  run: { zh: '运行', en: 'Running' },
  talk: { zh: '会话', en: 'Customers' },
  plan: { zh: '计划', en: 'Schedules' },
  care: { zh: '管理', en: 'Administration' },
};
