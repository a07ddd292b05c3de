import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { Deliveries } from '../../automation/deliveries/deliveries.ts';
import type { Channels } from '../../channels.ts';
import { knownSayings } from '../../known-sayings.ts';
import type { AlarmSource, Trouble } from '../trouble.ts';
import { lasted } from '../words.ts';

export interface ReceiverSourceOptions {
  channels: Pick<Channels, 'list' | 'onChange'>;
  deliveries: Pick<Deliveries, 'backlog'>;
  settings: () => AlarmSettings;
}

/** Receivers that take no events: their deliveries are paused, wait too long, or died. */
export function receiverSource(options: ReceiverSourceOptions): AlarmSource {
  const { channels, deliveries, settings } = options;
  return {
    name: 'receivers',
    everyMs: 30_000,
    onChange: (listener) => channels.onChange(listener),
    troubles: async (now) => {
      const { rules, backlogMinutes } = settings();
      const backlog = new Map((await deliveries.backlog()).map((one) => [one.chid, one]));
      return channels.list().flatMap(({ chid, settings: channel, pausedReason }) => {
        const { due = 0, dead = 0, oldestDueAt } = backlog.get(chid) ?? {};
        const found: Trouble[] = [];
        const age = oldestDueAt === undefined ? 0 : now - Number(oldestDueAt);
        if (rules.receiver.enabled && channel.callbackUrl !== undefined) {
          if (pausedReason !== undefined) found.push(paused(chid, pausedReason, rules));
          else if (age > backlogMinutes * 60_000) found.push(late(chid, Number(due), age, rules));
        }
        if (rules.deadLetters.enabled && Number(dead) > 0) {
          found.push(died(chid, Number(dead), rules));
        }
        return found;
      });
    },
  };
}

type Rules = AlarmSettings['rules'];

function paused(chid: string, reason: string, rules: Rules): Trouble {
  return {
    key: `receiver:${chid}`,
    kind: 'receiver',
    subject: chid,
    stage: 2,
    afterMs: rules.receiver.afterSeconds * 1000,
    text: {
      zh: `渠道 ${chid} 的事件投递已暂停：${knownSayings.in('zh', reason)}`,
      en: `deliveries of channel ${chid} are paused: ${knownSayings.in('en', reason)}`,
    },
  };
}

function late(chid: string, due: number, age: number, rules: Rules): Trouble {
  return {
    key: `receiver:${chid}`,
    kind: 'receiver',
    subject: chid,
    stage: 1,
    afterMs: rules.receiver.afterSeconds * 1000,
    text: {
      zh: `渠道 ${chid} 的接收方不收事件：${due} 个待投递，最早的已等 ${lasted(age, 'zh')}`,
      en: `the receiver of channel ${chid} takes no events: ${due} wait, the oldest for ${lasted(age, 'en')}`,
    },
  };
}

/** Ten times as many are told of once more. */
function died(chid: string, dead: number, rules: Rules): Trouble {
  return {
    key: `dead-letters:${chid}`,
    kind: 'dead-letters',
    subject: chid,
    stage: 1 + Math.floor(Math.log10(dead)),
    afterMs: rules.deadLetters.afterSeconds * 1000,
    text: {
      zh: `渠道 ${chid} 有 ${dead} 封死信（三天未能投递），修好接收方后可重新投递`,
      en: `channel ${chid} has dead letters (${dead}): mend the receiver, then redrive them`,
    },
  };
}
