import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { BotRegistry } from '../../automation/bots/bot-port.ts';
import { type BotView, botStateWords } from '../../automation/bots/bot-state.ts';
import type { Language, Text } from '../../errors.ts';
import { knownSayings } from '../../known-sayings.ts';
import type { AlarmSource, Trouble } from '../trouble.ts';

/** What a person has to do, beyond waiting. */
const asks: Partial<Record<BotView['userAction'], { stage: number; text: Text }>> = {
  scan: { stage: 2, text: { zh: '等待扫码登录', en: 'waits for its QR code to be scanned' } },
  confirm: {
    stage: 2,
    text: { zh: '已扫码，等待在手机上确认', en: 'was scanned and waits for a tap on the phone' },
  },
  decide: {
    stage: 3,
    text: {
      zh: '登录了另一个微信号，等待决定（接受或拒绝）',
      en: 'logged in as another account: accept or reject it',
    },
  },
  'contact-provider': {
    stage: 3,
    text: { zh: '登录不了，请联系协议服务商', en: 'cannot log in: ask its provider' },
  },
};

/** Bots that cannot send, unless somebody has turned them off. */
export function botSource(
  bots: Pick<BotRegistry, 'list' | 'on'>,
  settings: () => AlarmSettings,
): AlarmSource {
  return {
    name: 'bots',
    everyMs: 5000,
    troubles: () => {
      const { rules, bots: chosen } = settings();
      return bots
        .list()
        .map((bot) => bot.view())
        .filter(({ botcode }) => chosen?.includes(botcode) ?? true)
        .flatMap((view) => troubleOf(view, rules));
    },
    onChange: (listener) =>
      bots.on((_botcode, notice) => {
        if (notice.type === 'state') listener();
      }),
  };
}

function troubleOf(view: BotView, rules: AlarmSettings['rules']): Trouble[] {
  const { botcode, state, userAction, reason, since } = view;
  // Off, or logged out by a command: somebody wanted it so.
  if (state === 'ready' || state === 'off' || userAction === 'none') return [];
  const ask = asks[userAction];
  const rule = ask === undefined ? rules.bot : rules.botNeedsYou;
  if (!rule.enabled) return [];
  const label = view.name === '' || view.name === botcode ? botcode : `${botcode}（${view.name}）`;
  const why = (language: Language): string =>
    reason === undefined
      ? ''
      : `${language === 'zh' ? '：' : ': '}${knownSayings.in(language, reason)}`;
  const text = ask?.text ?? {
    zh: `不在线（${botStateWords[state].zh}），正在自行恢复`,
    en: `is not online (${botStateWords[state].en}) and tries by itself`,
  };
  return [
    {
      key: `bot:${botcode}`,
      kind: 'bot',
      subject: botcode,
      stage: ask?.stage ?? 1,
      afterMs: rule.afterSeconds * 1000,
      since,
      text: {
        zh: `机器人 ${label} ${text.zh}${why('zh')}`,
        en: `bot ${botcode} ${text.en}${why('en')}`,
      },
    },
  ];
}
