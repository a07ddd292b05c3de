import { cliCommand, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { userPath } from './im-users.ts';
import { whole } from './numbers.ts';

interface MessageView {
  seq: number;
  kind: string;
  sender: number;
  receiver: number;
  at: number;
  text: string | null;
  base64: string | null;
}

export const historyCommands = [
  cliCommand({
    name: 'im history',
    usage: '(APPID UID | --group GID) [--limit N]',
    summary: {
      zh: '查看用户收件箱或群中的消息',
      en: 'what lies in the inbox of a user, or was said in a group',
    },
    details: {
      zh: '最新的 N 条（默认 50），旧的在前。',
      en: 'The newest N (50 unless given), oldest first.',
    },
    words: [0, 2],
    options: { group: text, limit: text },
    run: async (context, { group, limit = '50' }, words) => {
      if (words.length !== (group === undefined ? 2 : 0)) {
        throw usageFailure(
          '请指定 APPID UID 或 --group GID',
          'say which: APPID UID or --group GID',
        );
      }
      const [appid = '', uid = ''] = words;
      const path =
        group === undefined
          ? userPath(appid, uid, '/messages')
          : `/api/v1/im/groups/${encodeURIComponent(group)}/messages`;
      const most = whole('--limit', limit);
      const items = (await context.client().first<MessageView>(path, {}, most)).reverse();
      context.printTable(items, {
        SEQ: (one) => one.seq,
        TIME: (one) => context.time(one.at),
        KIND: (one) => one.kind,
        FROM: (one) => one.sender,
        TO: (one) => one.receiver,
        CONTENT: (one) => one.text ?? `base64 ${one.base64}`,
      });
    },
  }),
];
