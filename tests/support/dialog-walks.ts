import type { BusyScene } from './busy-scene.ts';

/** A dialog and what opens it: found in every language. */
export interface DialogWalk {
  path: string;
  /** Selector of the button that opens it. */
  opener: string;
  /** It has fields, and asks before it throws away what was typed. */
  form?: true;
  /** What has to be seen in it before it is walked. */
  ready?: string;
}

const add = 'main .card > header button.primary';
const tool = 'main .card > header button:not(.primary)';
const inRow = (index: number): string => `main tbody tr td:last-child button >> nth=${index}`;

/** What bots have. */
const botDialogs: readonly DialogWalk[] = [
  { path: '/bots', opener: 'main .head button.primary', form: true },
  { path: '/bots', opener: '.qr-card footer button.quiet', form: true },
  { path: '/bots', opener: 'tr:has([data-bot="bot02"]) td:last-child button >> nth=0' },
  { path: '/bots', opener: 'tr:has([data-bot="bot02"]) td:last-child button >> nth=1' },
  {
    path: '/bots/bot02?tab=rooms',
    opener: 'main tbody button.link >> nth=0',
    ready: 'dialog table',
  },
  { path: '/bots/bot02?tab=phone', opener: `${tool} >> nth=0`, form: true },
  { path: '/bots/bot02?tab=phone', opener: `${tool} >> nth=1` },
  { path: '/bots/bot03?tab=settings', opener: 'main p.row button' },
];

/** What is said. */
const talkDialogs: readonly DialogWalk[] = [
  { path: '/sends/3', opener: 'main button.danger' },
  { path: '/dead-letters?state=absent', opener: inRow(0) },
  { path: '/dead-letters?tab=events&channel=demo', opener: 'main .filters button' },
  { path: '/webhooks', opener: inRow(0), ready: 'dialog .facts' },
  { path: '/webhooks', opener: inRow(1) },
  { path: '/conversations/1', opener: tool, form: true },
];

const chatbotDialogs: readonly DialogWalk[] = [
  {
    path: '/chatbot?tab=entries&kb=network-lab',
    opener: 'main .filters button.primary',
    form: true,
  },
  {
    path: '/chatbot?tab=entries&kb=network-lab',
    opener: 'main .filters button:not(.primary)',
    form: true,
  },
  { path: '/chatbot?tab=entries&kb=network-lab', opener: inRow(0), form: true },
  { path: '/chatbot?tab=entries&kb=network-lab', opener: inRow(1) },
  { path: '/chatbot?tab=unanswered', opener: inRow(0), form: true },
  { path: '/chatbot?tab=unanswered', opener: inRow(1) },
  { path: '/chatbot?tab=rules', opener: add, form: true },
  { path: '/chatbot?tab=rules', opener: inRow(0), form: true },
  { path: '/chatbot?tab=rules', opener: inRow(1) },
];

/** Reports, alarms, the process. */
const planDialogs: readonly DialogWalk[] = [
  { path: '/schedules', opener: add, form: true, ready: 'dialog summary' },
  { path: '/schedules?tab=sends', opener: inRow(0) },
  { path: '/schedules?tab=examples', opener: 'main .grid button.primary >> nth=0', form: true },
  ...[0, 1, 3].map((index) => ({
    path: '/schedules/daily-traffic',
    opener: `main .head button >> nth=${index}`,
  })),
  {
    ...{ path: '/schedules/daily-traffic', opener: 'main .head button >> nth=2' },
    ...{ form: true, ready: 'dialog summary' },
  },
  { path: '/alarms', opener: inRow(0) },
  { path: '/alarms?tab=silences', opener: tool, form: true },
  { path: '/system', opener: tool },
  { path: '/system?tab=backups', opener: `${tool} >> nth=1` },
];

const accessDialogs: readonly DialogWalk[] = [
  { path: '/access', opener: add, form: true },
  { path: '/access', opener: inRow(0), form: true },
  { path: '/access', opener: inRow(1) },
  { path: '/access', opener: inRow(2) },
  { path: '/access?tab=users', opener: add, form: true },
  { path: '/access?tab=users', opener: inRow(1) },
  { path: '/access?tab=users', opener: inRow(2) },
  { path: '/access?tab=tokens', opener: add, form: true },
  { path: '/access?tab=tokens', opener: inRow(0) },
  { path: '/profile', opener: tool },
];

/** Every dialog of the console, with what opens it: so many at a time that none takes long. */
export const dialogWalks: Readonly<Record<string, readonly DialogWalk[]>> = {
  bots: botDialogs,
  talks: talkDialogs,
  chatbot: chatbotDialogs,
  plans: planDialogs,
  access: accessDialogs,
};

/** What only dialogs need to be there: a bot and a person that can be removed, a message that waits. */
export async function prepareDialogs({ admin }: BusyScene): Promise<void> {
  await admin.ok('POST', '/bots', { botcode: 'bot03', driver: 'simulator' });
  await admin.ok('POST', '/users', { username: 'kim', role: 'viewer', password: 'kims-password' });
  const content = { kind: 'text', text: '还要等一等' };
  await admin.ok('POST', '/sends', { botcode: 'bot01', roomTopic: '值班群', content });
}
