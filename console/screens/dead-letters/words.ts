import { words } from '../../i18n.ts';

export const w = words(
  {
    title: '死信',
    about: '没有发出去的消息，和没有送到的事件',
    messages: '消息',
    events: '事件',
    state: '状态',
    all: '全部未发出',
    reason: '原因',
    edit: '编辑后重发',
    again: '原样重发',
    againAsk: (count: string) => `原样重发 ${count} 条消息？`,
    againText: '以操作员的名义作为新消息排队，编号不同。原来的渠道已收到失败通知，不会再收到通知。',
    sent: (count: string) => `已重新排队 ${count} 条`,
    notSent: (count: string, first: string) => `${count} 条没有重发：${first}`,
    alike: '只看同一原因',
    discard: '丢弃',
    discardAsk: (count: string) => `丢弃 ${count} 条死信？`,
    discardText: '不再算作未处理，也不通知任何人；在“消息”里仍可查到。',
    discardEventText: '不再投递给接收方，也不再算作死信；拉取事件的一方仍能读到。',
    nothing: '没有死信',
    at: '结束时间',
    content: '内容',
    target: '发往',
    bot: '机器人',
    channel: '渠道',
    chooseChannel: '全部渠道',
  },
  {
    title: 'Dead letters',
    about: 'Messages that did not leave, and events that did not arrive',
    messages: 'Messages',
    events: 'Events',
    state: 'State',
    all: 'all that did not leave',
    reason: 'Why',
    edit: 'Edit and send again',
    again: 'Send again',
    againAsk: (count: string) =>
      count === '1'
        ? 'Send this message again as it is?'
        : `Send ${count} messages again as they are?`,
    againText:
      'Queued as a message of an operator, with a number of its own. The channel that sent it first was told that it failed, and is told nothing more.',
    sent: (count: string) => `Queued again: ${count}`,
    notSent: (count: string, first: string) => `${count} not sent again: ${first}`,
    alike: 'This reason only',
    discard: 'Discard',
    discardAsk: (count: string) =>
      count === '1' ? 'Discard this dead letter?' : `Discard ${count} dead letters?`,
    discardText:
      'Nobody has to look at it any more, and nobody is told. It stays in the list of messages.',
    discardEventText:
      'It is not delivered and no dead letter any more. Whoever pulls events still gets it.',
    nothing: 'No dead letters',
    at: 'Ended',
    content: 'Content',
    target: 'To',
    bot: 'Bot',
    channel: 'Channel',
    chooseChannel: 'All channels',
  },
);
