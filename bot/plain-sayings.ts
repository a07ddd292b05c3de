import { type Saying, Sayings } from './sayings.ts';

const say = (en: string, zh: string): Saying => ({ zh, en });

/**
 * What parts say in English, as errors and for machines, and people read all the same. Whoever
 * words such a sentence anew words it here too: `sayings.test.ts` looks for some in the sources.
 */
export const plainSayings: readonly Saying[] = [
  // Outgoing requests.
  say('not an address', '不是有效地址'),
  say('neither http nor https', '不是 http 或 https 地址'),
  say('an address with a password', '地址中不能带密码'),
  say('a private address', '内网地址，不允许访问'),
  say('it redirects elsewhere', '重定向到了别处'),
  say('more than {0} redirects', '重定向超过 {0} 次'),
  say('larger than {0} bytes', '超过 {0} 字节'),
  say('nothing in {0} ms', '{0} 毫秒内没有应答'),
  say('nothing in {0} s', '{0} 秒内没有应答'),
  say('thumbnail: not a picture', '缩略图不是图片'),
  say('thumbnail: {0}', '缩略图：{0}'),
  // Reports.
  say('no file {0} in the folders of reports', '报表目录中没有文件 {0}'),
  say('{0} is larger than {1} bytes', '{0} 超过 {1} 字节'),
  say('{0} is no file', '{0} 不是普通文件'),
  say('{0} cannot be opened', '无法打开 {0}'),
  say('cannot be read', '无法读取'),
  say('calendar {0}: {1}', '日历 {0}：{1}'),
  say('line {0}: not like 2026-10-01 off', '第 {0} 行：须形如 2026-10-01 off'),
  // Telling channels.
  say('no answer', '没有应答'),
  say('no whole answer within {0} ms', '{0} 毫秒内没有完整的应答'),
  say('the connection was closed', '连接被关闭'),
  say('the answer broke off', '应答中断'),
  say('the answer is longer than {0} bytes', '应答超过 {0} 字节'),
  say('the answer does not say success', '应答中没有 success'),
  say('the receiver answered 410 Gone', '接收方应答 410 Gone'),
  say('paused by an operator', '操作员暂停'),
  // Bots.
  say('logged out by command', '按命令退出登录'),
  say('logged out by command, unconfirmed', '按命令退出登录，未得到确认'),
  say('another account is logged in', '登录的是另一个微信号'),
  say('bound to account {0}, another one is logged in', '已绑定微信号 {0}，登录的是另一个'),
  say('nothing proven for too long', '太久没有得到正常的证据'),
  say('nothing proven in state {0}', '在 {0} 状态太久没有进展'),
  say('the bot was removed', '机器人已删除'),
  say('the driver is not running', '驱动未运行'),
  say('the driver failed', '驱动出错'),
  say('the puppet host does not answer', '协议进程没有应答'),
  say('the puppet host ended ({0})', '协议进程已退出（{0}）'),
  // Lanes of alarms.
  say('bot {0} is {1}', '机器人 {0}：{1}'),
  say('there is no bot {0}', '没有机器人 {0}'),
  say('the send is gone', '消息已不存在'),
  say('broken off', '已中断'),
  say('the answer is no JSON', '应答不是 JSON'),
  say('still {0}', '仍在等待（{0}）'),
  // Health.
  say('bots: {0} of {1} cannot send', '{1} 个机器人中有 {0} 个不能发送'),
  say('process: stopping', '正在停止'),
  say('database: the disk does not answer', '数据库：磁盘没有响应'),
  say('database: nothing can be written', '数据库：无法写入'),
  say(
    'config: could not be read again: the one before is in force',
    '配置重新读取失败，仍按之前的配置运行',
  ),
  say(
    'wechat: accounts without access_token: {0} ({1})',
    '公众平台：{0} 个账号取不到 access_token（{1}）',
  ),
  say('pictures:', '图片：'),
  say('chatbot:', '智能应答：'),
  say(
    'no Chinese font: @fontsource/noto-sans-sc is missing or incomplete',
    '缺少中文字体：@fontsource/noto-sans-sc 没有安装或不完整',
  ),
  say(
    'no emoji font: @fontsource/noto-color-emoji is missing or incomplete',
    '缺少表情字体：@fontsource/noto-color-emoji 没有安装或不完整',
  ),
  say('a font cannot be read: {0}', '无法读取字体：{0}'),
  say('knowledge files cannot be read ({0})', '{0} 个知识文件无法读取'),
  say('there is no desk {0}', '没有咨询台 {0}'),
  say('the language model rests after failures', '语言模型多次失败，暂停使用'),
];

const known = new Sayings(plainSayings);

/** A sentence of ours that was made in English, in a language. */
export function plainly(language: 'zh' | 'en', said: string): string {
  return known.in(language, said);
}
