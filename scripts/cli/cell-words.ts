import { botStateWords } from '../../bot/automation/bots/bot-state.ts';
import type { Language } from '../../bot/errors.ts';

type Words = Readonly<Record<string, string>>;

/**
 * What stands in tables as a code, in Chinese, as the console calls it; in English the codes are
 * words already. `--json` has the codes themselves.
 */
const zh = {
  bot: Object.fromEntries(Object.entries(botStateWords).map(([state, text]) => [state, text.zh])),
  toDo: {
    ...{ none: '', wait: '请稍候', scan: '请用手机扫码', confirm: '请在手机上确认' },
    ...{ decide: '请确认账号', 'contact-provider': '请联系协议服务商' },
  },
  send: {
    ...{ queued: '排队中', sending: '发送中', sent: '已发送', absent: '群不存在', failed: '失败' },
    ...{ expired: '已过期', cancelled: '已取消', unknown: '结果未知', waiting: '等待' },
  },
  run: {
    ...{
      waiting: '等待',
      running: '运行中',
      sending: '发送中',
      sent: '已发送',
      partial: '部分发送',
    },
    ...{ failed: '失败', nothing: '无需发送', skipped: '跳过' },
  },
  cause: { schedule: '定时', slot: '到点', 'catch-up': '补发', backfill: '回填', operator: '手动' },
  report: { fault: '有误', off: '停用', paused: '已暂停', active: '已启用' },
  account: {
    ...{
      miniprogram: '小程序',
      official: '公众号',
      plain: '明文',
      compatible: '兼容',
      secure: '安全',
    },
    ...{ set: '已配置', simulate: '模拟' },
  },
  health: { ready: '就绪', 'not-ready': '未就绪' },
  verdict: { direct: '直接回答', suggest: '给出候选', miss: '没有答案' },
  trouble: {
    ...{
      bot: '机器人',
      receiver: '接收方',
      'dead-letters': '死信',
      schedule: '报表',
      disk: '磁盘',
    },
    ...{ database: '数据库', backup: '备份', clock: '时钟', certificate: '证书' },
  },
  lane: { room: '群', webhook: 'webhook', email: '邮件' },
  timing: { cron: 'cron', interval: '间隔', once: '一次' },
  chat: { open: '机器人应答', human: '人工应答', ended: '已结束' },
  alarm: { over: '结束', acked: '已接手', silenced: '静默中', told: '已告知', raised: '新告警' },
  outbox: {
    ...{ due: '待发送', sending: '发送中', sent: '已发送', kept: '已留存', failed: '失败' },
    ...{ unknown: '结果未知' },
  },
  push: { due: '待处理', done: '已处理', failed: '失败' },
  source: { config: '配置文件', admin: '控制台' },
  yes: { yes: '是', no: '否', on: '开', off: '关' },
  event: { qrCode: '二维码', botStatus: '机器人状态', userMsg: '收到消息', sendStatus: '发送结果' },
  step: {
    ...{ accepted: '已接受，写入磁盘', waiting: '等待', moving: '继续', handed: '交给微信客户端' },
    ...{ mentioned: '实际 @ 了', unmentioned: '不在群里，未能 @', acknowledged: '微信已确认' },
    ...{
      echo: '收到自己的回显',
      sent: '已发送',
      absent: '群不存在',
      failed: '失败',
      expired: '已过期',
    },
    ...{ cancelled: '已取消', queued: '排队中', sending: '发送中', unknown: '结果未知，等待证据' },
    ...{ offline: '机器人未就绪，退回队列', 'too-frequent': '微信提示过于频繁，退回队列' },
    ...{ denied: '微信称目标不存在，正在核对', refused: '微信拒绝', fetched: '图片已取到' },
    ...{ 'fetch-failed': '图片没有取到', 'no-echo': '没有等到回显', event: '生成通知事件' },
    ...{ resend: '没有等到回显，重新发送', post: '投递未成功', delivered: '渠道已收到' },
    ...{ again: '已重发，新编号', discarded: '死信已丢弃' },
  },
} as const satisfies Record<string, Words>;

export type CellKind = keyof typeof zh;

/** A code as its reader calls it; one that is not known stays as it is. */
export function cellWord(language: Language, kind: CellKind, code: string): string {
  return language === 'zh' ? ((zh[kind] as Words)[code] ?? code) : code;
}
