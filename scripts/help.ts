import { AnswerLimit } from '../bot/automation/bots/answer-limit.ts';
import { isHelp } from '../bot/automation/bots/incoming.ts';
import type { Core } from './core.ts';

/** `help` as a whole message is our own keyword: it answers who this is. */
const helpText = {
  room: {
    zh: '我是 WXRC 机器人，由业务系统控制，为本群转发通知和答复。需要人工帮助时，请联系本群的管理员。',
    en: 'I am a WXRC bot: a business system uses me to send notices and answers. For help from a person, ask the owner of this room.',
  },
  private: {
    zh: '我是 WXRC 机器人，由业务系统控制，用来转发通知和答复。需要人工帮助时，请直接联系这个账号的主人。',
    en: 'I am a WXRC bot: a business system uses me to send notices and answers. For help from a person, ask whose account this is.',
  },
};

/** Answers those who ask a bot what it is. @returns a function that stops it */
export function answerHelp(core: Core): () => void {
  const limit = new AnswerLimit(core.clock);
  return core.bots.on((botcode, notice) => {
    if (notice.type !== 'message') return;
    const { message } = notice;
    const bot = core.bots.get(botcode);
    const name = bot?.view().account?.name;
    if (bot === undefined || message.self || !isHelp(message, name)) return;
    // Whoever asks again and again must not use up what business sends may use.
    if (!limit.admits(botcode, message.roomId ?? message.fromId)) return;
    const { [core.config.language]: words } = helpText[message.roomId ? 'room' : 'private'];
    core.sends.answer(botcode, message, words).catch((error: unknown) => {
      core.logger.warn({ err: error, botcode }, 'help was not answered');
    });
  });
}
