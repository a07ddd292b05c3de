import type { Language } from '../../bot/errors.ts';

/** Heads of tables in Chinese; names that commands take (CHID, BOTCODE, MSGID…) stay as they are. */
const zh: Readonly<Record<string, string>> = {
  ...{
    ACCOUNT: '账号',
    ACTION: '待办',
    ADDRESS: '地址',
    AGENT: '应答人',
    AT: '时间',
    BOT: '机器人',
  },
  ...{
    BOTS: '机器人',
    BY: '创建人',
    CALLBACK: '回调地址',
    CAUSE: '缘由',
    CHANNEL: '来源',
    CHAT: '会话',
  },
  ...{ CODE: '编码', CONTACT: '联系人', CONTENT: '内容', COUNT: '次数', CREATED: '创建时间' },
  ...{
    DEAD: '死信',
    DESK: '咨询台',
    DETAIL: '详情',
    DEVICE: '设备',
    DRIVER: '驱动',
    DUE: '待投递',
  },
  ...{
    ENABLED: '启用',
    ERROR: '错误',
    EVENT: '事件',
    EXPIRES: '到期',
    FIELDS: '字段',
    FILE: '文件',
  },
  ...{ FOR: '持续', FROM: '来自', HITS: '命中', JOINED: '加入时间', KEY: '密钥', KEYS: '密钥数' },
  ...{ 'AES KEY': '加解密密钥', 'APP SECRET': '应用密钥', REPLY: '回复', KB: '知识库' },
  ...{ KIND: '类别', LANE: '方式', LAST: '最近', LASTED: '历时', MASTER: '群主', MEMBERS: '人数' },
  ...{ MODE: '方式', MUTE: '禁言', NAME: '名称', NEXT: '下次', NICKNAME: '昵称', NOTE: '备注' },
  ...{ ONLINE: '在线', OPERATION: '操作', PATTERN: '匹配', PAUSED: '暂停', PLATFORM: '平台' },
  ...{ PRIORITY: '优先级', QUESTION: '问题', QUEUED: '排队', REASON: '原因', REPORT: '报表' },
  ...{ ROLE: '角色', ROOM: '群', ROWS: '行数', SECRET: '密钥', SINCE: '开始', SIZE: '大小' },
  ...{
    SLOT: '时间点',
    SOURCE: '来源',
    STATE: '状态',
    STATUS: '状态',
    STEP: '步骤',
    SUBJECT: '对象',
  },
  ...{ TARGET: '对象', TEXT: '内容', TIME: '时间', TITLE: '标题', TO: '发往', TOKEN: '令牌' },
  ...{ TOOK: '用时', TOPIC: '群名', TOTP: '两步验证', TRANSPORT: '连接方式', TRIES: '尝试' },
  ...{ TURNS: '轮数', TYPE: '类型', UNTIL: '直到', URL: '地址', USER: '用户', USERNAME: '用户名' },
  ...{ VIA: '途径', WAITING: '等待', WAITS: '等待原因', WHEN: '时间' },
  ...{ 'LAST OK': '最近成功', 'LAST HOUR': '最近一小时', 'LAST ERROR': '最近失败' },
  ...{ 'MADE BY': '创建人', 'LOGGED IN': '最近登录' },
};

export function headIn(language: Language, head: string): string {
  return language === 'zh' ? (zh[head] ?? head) : head;
}
