import { words } from '../../i18n.ts';

export const w = words(
  {
    title: '事件流',
    about: '一个渠道的事件，实时追加；断线或重启后从断点继续，不丢不重',
    channel: '渠道',
    type: '类型',
    any: '全部',
    pause: '暂停滚动',
    go: '继续',
    waiting: (count: string) => `继续（${count} 条新事件）`,
    empty: '还没有事件；有事发生时会立刻出现在这里',
    noChannel: '还没有渠道',
    clear: '清空',
    shown: (count: string) => `显示最近 ${count} 条`,
    delivery: '投递情况',
  },
  {
    title: 'Events',
    about:
      'Events of a channel as they come; after a break it goes on where it was, nothing lost or doubled',
    channel: 'Channel',
    type: 'Type',
    any: 'All',
    pause: 'Hold',
    go: 'Go on',
    waiting: (count: string) => `Go on (${count} new)`,
    empty: 'No events yet; they appear here the moment something happens',
    noChannel: 'There is no channel yet',
    clear: 'Clear',
    shown: (count: string) => `The latest ${count}`,
    delivery: 'Its delivery',
  },
);
