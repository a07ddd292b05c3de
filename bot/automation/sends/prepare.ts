import { AppError, type Text } from '../../errors.ts';
import type { BotHandle } from '../bots/bot-port.ts';
import type { Capabilities } from '../driver.ts';
import { checkCard } from './cards.ts';
import type { SendCore } from './send-core.ts';
import type { NewSend, SendContent } from './send-types.ts';
import { maxParts, splitText, textLimit } from './split.ts';
import { findPlace, type Place } from './targets.ts';

/** A send that may be accepted: checked, its place found. */
export interface Prepared {
  send: NewSend;
  place: Place;
  /** The account it is for; undefined: the bot was never bound to one. */
  accountId: string | undefined;
  parts: number;
}

/**
 * Checks a send before it is accepted. At once on the hot path (a text into a room that is known);
 * a promise where a room has to be proven absent or a picture to be looked at.
 * @throws AppError unknown_bot, unsupported, field_missing, field_value
 */
export function prepareSend(core: SendCore, send: NewSend): Prepared | Promise<Prepared> {
  const bot = core.bots.get(send.botcode);
  if (bot === undefined) {
    const text = { zh: `没有机器人 ${send.botcode}`, en: `there is no bot ${send.botcode}` };
    throw new AppError('unknown_bot', text, { field: 'botcode' });
  }
  const { content } = send;
  requireCapability(bot.capabilities(), content.kind);
  const parts = checkContent(content);
  const place = findPlace(bot, send.target);
  if (content.kind !== 'image' && !(place instanceof Promise))
    return ready(bot, send, place, parts);
  return complete(core, bot, send, place, parts);
}

async function complete(
  core: SendCore,
  bot: BotHandle,
  send: NewSend,
  place: Place | Promise<Place>,
  parts: number,
): Promise<Prepared> {
  const { content } = send;
  // Both may refuse: the second refusal must not be left unheard while the first is waited for.
  const found = Promise.resolve(place);
  found.catch(() => {});
  if (content.kind !== 'image') return ready(bot, send, await found, parts);
  const source = await core.images.accept(content.source);
  return ready(bot, { ...send, content: { ...content, source } }, await found, parts);
}

function ready(bot: BotHandle, send: NewSend, place: Place, parts: number): Prepared {
  const accountId = bot.session()?.accountId ?? bot.view().boundAccountId;
  return { send, place, accountId, parts };
}

const kindNames: Record<SendContent['kind'], Text> = {
  text: { zh: '文本', en: 'text' },
  image: { zh: '图片', en: 'pictures' },
  miniProgram: { zh: '小程序', en: 'mini-program cards' },
};

function requireCapability(can: Capabilities, kind: SendContent['kind']): void {
  if (can[kind]) return;
  throw new AppError('unsupported', {
    zh: `该机器人不支持发送${kindNames[kind].zh}`,
    en: `this bot cannot send ${kindNames[kind].en}`,
  });
}

/** @returns of how many messages it will be */
function checkContent(content: SendContent): number {
  if (content.kind === 'miniProgram') checkCard(content.card);
  if (content.kind !== 'text') return 1;
  if (content.text.trim() === '' && content.mentions.length === 0) {
    throw new AppError(
      'field_value',
      { zh: '文本为空', en: 'the text is empty' },
      { field: 'text' },
    );
  }
  if (content.text.length <= textLimit) return 1;
  const parts =
    content.text.length > textLimit * maxParts * 2 ? Infinity : splitText(content.text).length;
  if (parts <= maxParts) return parts;
  throw new AppError(
    'field_value',
    {
      zh: `文本过长：最多 ${textLimit * maxParts} 个字符`,
      en: `the text is too long: ${textLimit * maxParts} characters are the most`,
    },
    { field: 'text' },
  );
}
