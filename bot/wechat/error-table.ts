/** What is to be done about an error code. */
export type ErrorAction =
  /** Busy: again after a pause, some times. */
  | 'retry'
  /** The access_token is of no use any more: a new one, then once again. */
  | 'refresh'
  /** WeChat does not hold the file any more: upload it once more. */
  | 'reupload'
  /** A legacy form id counts no more: the next one. */
  | 'nextCredit'
  /** The user has not allowed it: another way. */
  | 'dropCredit'
  /** Somebody else sends to the same user just now: again shortly. */
  | 'perUser'
  | 'nextMinute'
  | 'nextDay'
  /** The user's window is closed, or its sends are used up. */
  | 'windowClosed'
  | 'usedUp'
  /** An operator has to do something. */
  | 'config'
  /** The account may not do this any more: an operator has to look. */
  | 'stop'
  | 'split'
  | 'field'
  | 'reject'
  | 'ignore'
  /** We asked wrongly. */
  | 'bug';

/** Codes of our own, where WeChat was not asked: no code of WeChat's is below -1. */
export const ownCodes = {
  /** No way was open: nothing was sent. */
  kept: -1000,
  /** It waits for its turn. */
  waiting: -1001,
  /** It left, and no answer came. */
  unknown: -1002,
  unreachable: -1003,
  /** Something is missing in the config. */
  config: -1004,
  /** An address that may not be fetched from. */
  address: -1005,
} as const;

export type Entry = readonly [errcode: number, action: ErrorAction, zh: string, en: string];

const ip = {
  zh: '在微信后台把本机出口 IP 加入白名单',
  en: 'add the IP address of this machine to the allow-list in WeChat’s console',
};
/** Every code that is known, with what is to be done, in both languages. */
export const entries: readonly Entry[] = [
  [-1, 'retry', '微信系统繁忙，稍后自动重试', 'WeChat is busy; it is tried again'],
  [
    40001,
    'refresh',
    'access_token 无效或不是最新，或 AppSecret 不对：自动刷新一次；若仍出现，检查 secret，并确认没有别的程序在刷新 token',
    'the access_token is invalid or not the latest, or the AppSecret is wrong: it is refreshed once; if it stays, check the secret and whether another program refreshes the token',
  ],
  [40002, 'config', 'grant_type 不合法，检查 tokenUrl', 'wrong grant_type; check tokenUrl'],
  [
    40003,
    'reject',
    'openid 不存在或不属于该账号',
    'no such openid, or it belongs to another account',
  ],
  [40004, 'reject', '媒体类型不合法', 'wrong kind of media'],
  [40005, 'reject', '文件类型不合法', 'wrong type of file'],
  [40006, 'reject', '文件大小不合法', 'wrong size of file'],
  [
    40007,
    'reupload',
    'media_id 无效（临时素材只保留 3 天）：自动重新上传一次',
    'invalid media_id (WeChat keeps media for 3 days): it is uploaded once more',
  ],
  [40008, 'reject', '消息类型不合法', 'wrong kind of message'],
  [40009, 'reject', '图片大小不合法', 'wrong size of picture'],
  [40010, 'reject', '语音大小不合法', 'wrong size of voice'],
  [40011, 'reject', '视频大小不合法', 'wrong size of video'],
  [40012, 'reject', '缩略图大小不合法', 'wrong size of thumbnail'],
  [40013, 'config', 'appid 不对，检查配置', 'wrong appid; check the config'],
  [
    40014,
    'refresh',
    'access_token 不合法：自动刷新一次',
    'invalid access_token: it is refreshed once',
  ],
  [
    40029,
    'reject',
    'code 无效：让小程序重新调用 wx.login',
    'invalid code: the mini program has to call wx.login again',
  ],
  [
    40037,
    'config',
    '模板 id 不对，检查 subscribe.templateId',
    'wrong template id; check subscribe.templateId',
  ],
  [40125, 'config', 'AppSecret 不对，检查 secret', 'wrong AppSecret; check the secret'],
  [
    40163,
    'reject',
    'code 已被使用：让小程序重新调用 wx.login',
    'the code was used before: the mini program has to call wx.login again',
  ],
  [
    40164,
    'config',
    `调用来源 IP 不在白名单：${ip.zh}`,
    `the IP is not on the allow-list: ${ip.en}`,
  ],
  [
    40200,
    'config',
    '账号类型不支持该接口，检查 kind',
    'the kind of account does not have this interface; check kind',
  ],
  [40226, 'reject', '微信判定为高风险用户，拒绝登录', 'WeChat counts the user as risky: no login'],
  [
    40243,
    'config',
    'AppSecret 已被冻结：在微信后台解冻',
    'the AppSecret is frozen: release it in WeChat’s console',
  ],
  [41001, 'bug', '缺少 access_token', 'access_token missing'],
  [41002, 'config', '缺少 appid', 'appid missing'],
  [41004, 'config', '缺少 secret', 'secret missing'],
  [41005, 'reject', '文件取不到', 'the file cannot be had'],
  [
    41028,
    'nextCredit',
    'form_id 不对或已过期（该接口已下线）',
    'form_id wrong or expired (that interface was withdrawn)',
  ],
  [
    41029,
    'nextCredit',
    'form_id 已被使用（该接口已下线）',
    'form_id used before (that interface was withdrawn)',
  ],
  [41030, 'config', 'page 路径不对，检查 subscribe.page', 'wrong page; check subscribe.page'],
  [
    42001,
    'refresh',
    'access_token 过期：自动刷新一次',
    'access_token expired: it is refreshed once',
  ],
  [43002, 'bug', '需要 POST', 'POST required'],
  [
    43101,
    'dropCredit',
    '用户没有订阅、已拒收，或一次性订阅已用完',
    'the user has not subscribed, refuses it, or has used up the subscription',
  ],
  [
    43107,
    'stop',
    '订阅消息能力被封禁：在微信后台查看原因',
    'subscribe messages are barred for the account: look into WeChat’s console',
  ],
  [
    43108,
    'perUser',
    '同时向同一用户发送：稍后自动重试',
    'others send to the same user at the same time: it is tried again',
  ],
  [44002, 'bug', 'POST 内容为空', 'empty body'],
  [44004, 'reject', '文本内容为空', 'empty text'],
  [45002, 'split', '内容过长', 'the content is too long'],
  [45008, 'reject', '图文条数过多', 'too many articles'],
  [
    45009,
    'nextDay',
    '该接口当日调用额度已用完：次日零点后自动继续；可在微信后台清零',
    'the daily quota of this interface is used up: it goes on after midnight; it can be reset in WeChat’s console',
  ],
  [
    45011,
    'nextMinute',
    '该接口分钟额度已用完：下一分钟自动继续',
    'the quota of this minute is used up: it goes on with the next',
  ],
  [
    45015,
    'windowClosed',
    '超过回复时限，或用户已取消关注：等用户再次发消息',
    'the time to answer is over, or the user has left: wait until the user writes again',
  ],
  [
    45047,
    'usedUp',
    '该用户的客服消息下发条数已用完：等用户再次发消息',
    'all messages to this user are used up: wait until the user writes again',
  ],
  [45072, 'bug', 'typing 的 command 不对', 'wrong typing command'],
  [
    45080,
    'ignore',
    '30 秒内没有消息往来，不显示正在输入',
    'nothing was said in the last 30 s: typing is not shown',
  ],
  [45081, 'ignore', '已在显示正在输入', 'typing is shown already'],
  [
    45109,
    'config',
    '统一服务消息接口已于 2023-09-20 下线',
    'uniform messages were withdrawn on 2023-09-20',
  ],
  [
    45162,
    'reject',
    '该类账号不支持这种消息',
    'this kind of account does not take this kind of message',
  ],
  [45168, 'reject', '订阅消息含敏感词', 'the subscribe message has words that WeChat bars'],
  [47001, 'bug', '数据格式不对或缺少参数', 'wrong format, or something is missing'],
  [
    47003,
    'field',
    '模板字段不符合规则：检查 subscribe.fields',
    'a field does not fit its rule: check subscribe.fields',
  ],
  [
    48001,
    'config',
    '账号没有该接口的权限：在微信后台开通',
    'the account may not use this interface: apply in WeChat’s console',
  ],
  [48002, 'reject', '用户拒收该账号的消息', 'the user blocks messages of the account'],
  [
    50004,
    'config',
    '账号被禁止获取 access_token',
    'the account may not get an access_token any more',
  ],
  [50007, 'config', '账号已被冻结', 'the account is frozen'],
  [70000, 'reject', '因未成年人保护未下发', 'withheld to protect minors'],
  [87014, 'reject', '内容违规', 'WeChat does not allow the content'],
  [
    89503,
    'config',
    `该 IP 需要管理员在微信后台确认`,
    'an administrator has to confirm this IP address in WeChat’s console',
  ],
  [
    89506,
    'config',
    '管理员拒绝了该 IP，24 小时内不能使用',
    'an administrator has refused this IP address for 24 hours',
  ],
  [
    89507,
    'config',
    '管理员拒绝了该 IP，1 小时内不能使用',
    'an administrator has refused this IP address for an hour',
  ],
  [ownCodes.kept, 'reject', '没有发出：没有可用的方式', 'nothing was sent: no way was open'],
  [ownCodes.waiting, 'retry', '还在排队', 'it waits for its turn'],
  [
    ownCodes.unknown,
    'reject',
    '已交给微信但没有收到答复：是否送达未知，不自动重发',
    'handed to WeChat, and no answer came: whether it arrived is unknown, it is not sent again',
  ],
  [ownCodes.unreachable, 'retry', '连接不上微信', 'WeChat cannot be reached'],
  [ownCodes.config, 'config', '该账号没有配置好', 'the account is not configured for this'],
  [
    ownCodes.address,
    'reject',
    '没有该地址，或不允许从该地址取文件：内网地址须列入配置 fetch.allow',
    'no such address, or a private one: files are fetched from those only that fetch.allow lists',
  ],
];
