import { cliCommand, flag, text, texts } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface DeliveryView {
  chid: string;
  eventId: number;
  botcode: string;
  type: string;
  at: number;
  attempts: number;
  lastError: string | null;
}

export const deadCommands = [
  cliCommand({
    name: 'dead list',
    usage: '[--chid CHID] [--limit N]',
    summary: { zh: '列出死信（投递失败的事件）', en: 'list dead letters' },
    options: { chid: text, limit: text },
    run: async (context, { chid, limit = '200' }) => {
      const most = whole('--limit', limit);
      const query = { chid, state: 'dead' };
      const items = await context.client().first<DeliveryView>('/api/v1/deliveries', query, most);
      context.printTable(items, {
        CHID: (one) => one.chid,
        EVENT: (one) => one.eventId,
        BOTCODE: (one) => one.botcode,
        // `--type` takes the code.
        TYPE: (one) => context.coded('event', one.type),
        TIME: (one) => context.time(one.at),
        TRIES: (one) => one.attempts,
        ERROR: (one) => one.lastError,
      });
    },
  }),
  cliCommand({
    name: 'dead redrive',
    usage: '--chid CHID (--id EVENTID… | --all | --from ID --to ID) [--type TYPE]',
    summary: { zh: '重新投递死信', en: 'send dead letters again' },
    details: {
      zh: '--replay 连同已送达的事件一起重放（编号与内容不变）。',
      en: '--replay also sends what was taken before; ids and bytes stay the same.',
    },
    options: {
      chid: text,
      id: texts,
      all: flag,
      from: text,
      to: text,
      type: text,
      replay: flag,
    },
    run: async (context, values) => {
      const { chid, id, all, from, to, type, replay } = values;
      if (chid === undefined) throw usageFailure('缺少 --chid', '--chid is missing');
      if (id === undefined && all !== true && from === undefined && to === undefined) {
        throw usageFailure(
          '请指定 --id、--from/--to 或 --all',
          'say which: --id, --from/--to, or --all',
        );
      }
      const path = `/api/v1/channels/${encodeURIComponent(chid)}/redrive`;
      const done = await context.client().post<{ count: number }>(path, {
        eventIds: id?.map((one) => whole('--id', one)),
        from: from === undefined ? undefined : whole('--from', from),
        to: to === undefined ? undefined : whole('--to', to),
        type,
        replay,
      });
      context.print(done, () =>
        context.say({
          zh: `${done.count} 个事件将重新投递`,
          en: `events that go out again: ${done.count}`,
        }),
      );
    },
  }),
];
