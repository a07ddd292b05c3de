import { z } from 'zod';
import type { BotHandle } from '../../bot/automation/bots/bot-port.ts';
import { AppError } from '../../bot/errors.ts';
import { botSchema } from '../../config/bot-schema.ts';
import { BotStore } from '../../store/bots.ts';
import { botDetail, botView, qrView, toBotView, toSettingsView } from './bot-views.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { page, pageOf, paging } from './paging.ts';
import { patchOf } from './patch.ts';

export const botParams = z.object({ botcode: z.string().min(1).max(64) });

const listBots = operation({
  id: 'listBots',
  method: 'get',
  path: '/bots',
  tag: 'bots',
  summary: 'Every bot, by botcode',
  query: z.strictObject(paging),
  answer: page(botView),
  handle: async (core, { query }) => {
    const { items, next } = pageOf(core.bots.list(), (one) => one.botcode, query);
    return { items: items.map((bot) => viewOf(core, bot)), next };
  },
});

const addBot = operation({
  id: 'addBot',
  method: 'post',
  path: '/bots',
  role: 'admin',
  tag: 'bots',
  summary: 'Add a bot; with autoStart it starts at once',
  body: botSchema,
  answer: botDetail,
  status: 201,
  handle: async (core, { body }) => {
    await core.bots.add(body);
    return detailOf(core, body.botcode);
  },
});

const getBot = operation({
  id: 'getBot',
  method: 'get',
  path: '/bots/{botcode}',
  tag: 'bots',
  summary: 'One bot: state, account, proofs, settings, queue',
  params: botParams,
  answer: botDetail,
  handle: (core, { params }) => detailOf(core, params.botcode),
});

const changeBot = operation({
  id: 'changeBot',
  method: 'patch',
  path: '/bots/{botcode}',
  role: 'admin',
  tag: 'bots',
  summary: 'Change settings; null takes one back to its default',
  description:
    'Another driver or other puppet options start the bot anew. puppetOptions are replaced whole.',
  params: botParams,
  body: patchOf(botSchema.omit({ botcode: true })),
  answer: botDetail,
  handle: async (core, { params: { botcode }, body }) => {
    // The schema above is that of a patch; the core checks the settings as a whole.
    await core.bots.update(botcode, withoutNulls(body) as Partial<z.output<typeof botSchema>>);
    return detailOf(core, botcode);
  },
});

const removeBot = operation({
  id: 'removeBot',
  method: 'delete',
  path: '/bots/{botcode}',
  role: 'admin',
  tag: 'bots',
  summary: 'Log the account out and forget the bot; one of the config file is removed there',
  params: botParams,
  handle: async (core, { params: { botcode } }) => {
    const row = await new BotStore(core.db).get(botcode);
    if (row?.source === 'config') {
      throw new AppError('conflict', {
        zh: `机器人 ${botcode} 由配置文件声明，请在配置文件中删除`,
        en: `bot ${botcode} is declared in the config file: remove it there`,
      });
    }
    await core.bots.remove(botcode);
  },
});

const getQr = operation({
  id: 'getQr',
  method: 'get',
  path: '/bots/{botcode}/qr',
  tag: 'bots',
  summary: 'The login QR code that can be scanned now',
  params: botParams,
  answer: qrView,
  handle: async (core, { params: { botcode } }) => {
    const { qr } = viewOf(core, knownBot(core, botcode));
    if (qr === null) throw notFound('可扫描的二维码', 'QR code to scan now');
    return qr;
  },
});

/** Commands of a bot's life answer at once: what is wanted is on disk, the driver follows. */
function life(
  name: string,
  summary: string,
  act: (core: AdminCore, botcode: string) => Promise<void>,
) {
  const id = name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return operation({
    id: `${id}Bot`,
    method: 'post',
    path: `/bots/{botcode}/${name}`,
    tag: 'bots',
    summary,
    params: botParams,
    answer: botView,
    handle: async (core, { params: { botcode } }) => {
      await act(core, botcode);
      return viewOf(core, knownBot(core, botcode));
    },
  });
}

export const botOperations = [
  listBots,
  addBot,
  getBot,
  changeBot,
  removeBot,
  getQr,
  life('login', 'Start it and log in', ({ bots }, botcode) => bots.login(botcode)),
  life('logout', 'Log the account out and forget its session', ({ bots }, botcode) =>
    bots.logout(botcode),
  ),
  life('release', 'Turn it off; the account stays logged in where it can', ({ bots }, botcode) =>
    bots.release(botcode),
  ),
  life(
    'accept-account',
    'The account that is held back is the right one: bind to it',
    ({ bots }, botcode) => bots.acceptAccount(botcode),
  ),
  life(
    'reject-account',
    'The account that is held back is the wrong one: log it out',
    ({ bots }, botcode) => bots.rejectAccount(botcode),
  ),
];

/** @throws AppError unknown_bot */
export function knownBot(core: AdminCore, botcode: string): BotHandle {
  const bot = core.bots.get(botcode);
  if (bot !== undefined) return bot;
  throw new AppError('unknown_bot', {
    zh: `没有机器人 ${botcode}`,
    en: `there is no bot ${botcode}`,
  });
}

function viewOf(core: AdminCore, bot: BotHandle): z.output<typeof botView> {
  return toBotView(bot, core.config.language, core.publicUrl());
}

async function detailOf(core: AdminCore, botcode: string): Promise<z.output<typeof botDetail>> {
  const bot = knownBot(core, botcode);
  const row = await new BotStore(core.db).get(botcode);
  const { length, etaMs } = core.sends.queue(botcode);
  return {
    ...viewOf(core, bot),
    settings: toSettingsView(bot.settings),
    source: row?.source ?? 'admin',
    queue: { length, etaMs: etaMs ?? null },
  };
}

function withoutNulls(patch: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(patch).map(([name, value]) => [name, value === null ? undefined : value]),
  );
}
