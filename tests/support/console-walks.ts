import { expect } from 'vitest';
import { busyScene } from './busy-scene.ts';
import { type ConsoleLook, openLoggedIn } from './console-page.ts';
import { type Walk, walkScreens } from './console-walk.ts';

/** The screens of bots and the overview. */
const botWalks: readonly Walk[] = [
  { path: '/' },
  { path: '/bots', ready: '[data-qr="bot01"]' },
  { path: '/bots/bot02', ready: 'main .facts' },
  { path: '/bots/bot02?tab=rooms', ready: 'main table' },
  { path: '/bots/bot02?tab=contacts', ready: 'main table' },
  { path: '/bots/bot02?tab=history', ready: 'main table' },
  { path: '/bots/bot02?tab=settings', ready: 'main form' },
  { path: '/bots/bot02?tab=phone', ready: '.phone-rooms button' },
  { path: '/nowhere' },
];

/** Messages, dead letters, webhooks, events. */
const sendWalks: readonly Walk[] = [
  { path: '/sends', ready: 'main table' },
  { path: '/sends/1', ready: 'main .timeline' },
  { path: '/compose?bot=bot02', ready: 'main .code' },
  { path: '/compose?from=1', ready: 'main .code' },
  { path: '/dead-letters?state=absent', ready: 'main table' },
  { path: '/dead-letters?tab=events', ready: 'main table' },
  { path: '/webhooks', ready: 'main table' },
  { path: '/webhooks?tab=deliveries', ready: 'main table' },
  { path: '/webhooks/demo/1', ready: 'main .code' },
  { path: '/events', ready: 'main .tail li' },
];

/** Conversations and the chatbot. */
const talkWalks: readonly Walk[] = [
  { path: '/conversations', ready: 'main .talk-list a' },
  { path: '/conversations/1', ready: 'main .thread' },
  {
    path: '/chatbot',
    prepare: async (page) => {
      await page.locator('main textarea').fill('今天天气怎么样');
      await page.locator('main button[type="submit"]').click();
      await page.locator('main .trace').waitFor();
    },
  },
  { path: '/chatbot?tab=entries', ready: 'main table' },
  {
    path: '/chatbot?tab=entries&kb=network-lab',
    ready: 'main table',
    prepare: async (page) => {
      await page.locator('main .filters button.primary').click();
      await page.locator('dialog form').waitFor();
    },
  },
  { path: '/chatbot?tab=unanswered' },
  { path: '/chatbot?tab=rules', ready: 'main table' },
  {
    path: '/chatbot?tab=rules&open=new',
    ready: 'main table',
    prepare: async (page) => {
      await page.locator('main .card > header button.primary').click();
      await page.locator('dialog form').waitFor();
    },
  },
  { path: '/chatbot?tab=talks', ready: 'main table' },
  { path: '/chatbot?tab=rooms', ready: 'main table' },
  { path: '/chatbot?tab=model' },
];

/** Reports, alarms, access, system, one's own account. */
const careWalks: readonly Walk[] = [
  { path: '/schedules', ready: 'main table' },
  {
    path: '/schedules?open=new',
    ready: 'main table',
    prepare: async (page) => {
      await page.locator('main .card > header button.primary').click();
      await page.locator('dialog details').waitFor();
    },
  },
  { path: '/schedules?tab=runs', ready: 'main table' },
  { path: '/schedules?tab=sends', ready: 'main table' },
  { path: '/schedules?tab=examples', ready: 'main .grid' },
  { path: '/schedules/daily-traffic', ready: 'main .facts' },
  { path: '/alarms' },
  { path: '/alarms?tab=lanes' },
  { path: '/alarms?tab=silences' },
  { path: '/access', ready: 'main table' },
  { path: '/access?tab=users', ready: 'main table' },
  { path: '/access?tab=tokens', ready: 'main table' },
  { path: '/access?tab=audit', ready: 'main table' },
  { path: '/system', ready: 'main .facts' },
  { path: '/system?tab=backups' },
  { path: '/system?tab=config', ready: 'main .code' },
  { path: '/profile', ready: 'main table' },
];

/** Every screen, with something in each. */
export const everyWalk: readonly Walk[] = [...botWalks, ...sendWalks, ...talkWalks, ...careWalks];

/** Walks every screen, light and dark, and wants that axe finds nothing and nothing sticks out. */
export async function walkEvery(own: Pick<ConsoleLook, 'language' | 'width'>): Promise<void> {
  const scene = await busyScene();
  try {
    const { page, faults } = await openLoggedIn(scene.browser, scene.running.url, own);
    const looks = (['light', 'dark'] as const).map((theme) => ({ ...own, theme }));
    expect(await walkScreens(page, everyWalk, looks)).toEqual([]);
    expect(faults).toEqual([]);
  } finally {
    await scene.close();
  }
}
