import type { z } from 'zod';
import type { Text } from './text.ts';

type Issue = z.core.$ZodIssue;

/** What our schemas say in words of their own, and the same in Chinese. */
const own: Readonly<Record<string, string>> = {
  missing: '缺失',
  'is missing': '缺失',
  'is taken': '已被占用',
  'is there twice': '重复',
  'holds illegal characters': '含有非法字符',
  'must be text': '须为文本',
  'must be valid text': '须为有效文本',
  'must be a string': '须为字符串',
  'must not be empty': '不能为空',
  'must be text without control characters': '不能含控制字符',
  'must be a number': '须为数字',
  'must be a whole number': '须为整数',
  'must be an integer': '须为整数',
  'must be an integer below 2^53': '须为小于 2^53 的整数',
  'must be above 0': '须大于 0',
  'must not be negative': '不能为负数',
  'nobody can be 0': '不能为 0',
  'must be a number or its digits': '须为数字或数字字符串',
  'must be a string or a number': '须为字符串或数字',
  'must be a string of at most 255': '须为不超过 255 个字符的字符串',
  'must be an object': '须为对象',
  'must be a list': '须为列表',
  'must be true or false': '须为 true 或 false',
  'must be a uid, or an object with one': '须为 uid，或含 uid 的对象',
  'must be an event id': '须为事件编号',
  'must be the `next` of the page before': '须为上一页的 next',
  'must be an http or https address': '须为 http 或 https 地址',
  'must be yyyy/MM/dd HH:mm:ss': '须为 yyyy/MM/dd HH:mm:ss 格式',
  'must be a PEM public key': '须为 PEM 公钥',
  'must be 43 letters and digits': '须为 43 位字母和数字',
  'must be an IP address or a CIDR range': '须为 IP 地址或 CIDR 网段',
  'must be a host name, an IP address or a CIDR range, nothing else':
    '须为主机名、IP 地址或 CIDR 网段',
  'either `at` or `everyHours`': '请给出 at 或 everyHours 之一',
  'must be a time of day like 03:30': '须为 03:30 这样的时刻',
  'no such time zone': '没有这个时区',
  'exactly one of text, card, image is needed': 'text、card、image 须且只能有一个',
  'exactly one of value, file is needed': 'value、file 须且只能有一个',
  'exactly one of url, urlFile is needed': 'url、urlFile 须且只能有一个',
  'suggest must not be above direct: nothing would ever be offered':
    'suggest 不能大于 direct，否则永远不会给出候选',
  'must be an origin: https://name[:port]': '须为来源，如 https://域名[:端口]',
  'small letters, digits and - _ only, 1 to 64': '只能含小写字母、数字和 - _，1 到 64 个字符',
  'letters, digits, _ and - only, 1 to 64': '只能含字母、数字、_ 和 -，1 到 64 个字符',
  'must be a postgres:// address': '须为 postgres:// 地址',
  'no name of a header': '不是合法的请求头名称',
  'needed for this output': '这种输出需要此项',
  'a pie has no series': '饼图不能分系列',
  'no time: 2026-03-01, 2026-03-01T09:00': '须为时间，如 2026-03-01 或 2026-03-01T09:00',
  'it never fires': '永远不会到点',
  'no interval: a number and s, m, h or d, 10s at least':
    '须为间隔：数字加 s、m、h 或 d，不短于 10s',
  'no time: 2026-03-01T09:00, with an offset if it is not in the zone':
    '须为时间，如 2026-03-01T09:00；不在该时区的请写明偏移',
  'not the name of a backup': '不是备份文件名',
  'no such seller': '没有这个客服',
  'no such file': '没有这个文件',
  'either ids, or a range and a type': '请给出 ids，或者给出范围和类型',
  'either msgid or txcode is needed': '需要 msgid 或 txcode',
  'exactly one of roomId, roomTopic, contactId is needed':
    'roomId、roomTopic、contactId 须且只能有一个',
  'exactly one of roomId, roomTopic, contactId, contactName is needed':
    'roomId、roomTopic、contactId、contactName 须且只能有一个',
};
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^must not be longer than (\d+) characters$/, '不能超过 $1 个字符'],
  [/^longer than (\d+) characters$/, '不能超过 $1 个字符'],
  [/^must be shorter than (\d+) bytes$/, '须小于 $1 字节'],
  [/^must be text of 1 to (\d+) characters$/, '须为 1 到 $1 个字符的文本'],
  [/^must be 1 to (\d+) characters without blanks$/, '须为 1 到 $1 个不含空白的字符'],
  [/^must be 1 to (\d+)$/, '须为 1 到 $1'],
  [/^must be (\w) or (\w)$/, '须为 $1 或 $2'],
  [/^must be some of (.+)$/, '须为以下几项：$1'],
  [/^must be (\w+(?:(?:, | or |,)\w+)+)$/, '须为以下之一：$1'],
  [/^no cron expression of 5 or 6 fields: (.*)$/, '须为 5 段或 6 段的 cron 表达式（$1）'],
  [/^at most (\d+) at once$/, '一次不能超过 $1 个'],
  [/^letters and digits only, 1 to (\d+)(?: of them)?$/, '只能含字母和数字，1 到 $1 个字符'],
  [
    /^letters, digits(?:,| and) (.+?)(?: -)? only, 1 to (\d+)(?: of them)?$/,
    '只能含字母、数字和 $1，1 到 $2 个字符',
  ],
];
const ofType = new Set(['must be text', 'must be a string', 'must be a number', 'must be a list']);
const kinds: Readonly<Record<string, Text>> = {
  string: { zh: '字符串', en: 'a string' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  tuple: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
  record: { zh: '对象', en: 'an object' },
  null: { zh: 'null', en: 'null' },
  never: { zh: '空', en: 'absent' },
  bigint: { zh: '整数', en: 'a whole number' },
  date: { zh: '日期', en: 'a date' },
};

/** The words of a schema of ours in both languages; what is not known stays as it is. */
export function wordsOf(reason: string): Text {
  const found = patterns.find(([pattern]) => pattern.test(reason));
  const zh = own[reason] ?? (found === undefined ? undefined : reason.replace(...found));
  return { zh: zh ?? reason, en: reason };
}

/** Why a field was refused. @param missing there is nothing under its name */
export function wordsOfIssue(issue: Issue, missing: boolean): Text {
  if (issue.code === 'unrecognized_keys') return { zh: '未知字段', en: 'is not known here' };
  if (missing) return { zh: '缺失', en: 'is missing' };
  // Words of our own begin with a small letter, those of the library with a capital. What is said of
  // a type is handed on by the library to the bounds behind it.
  const isBound = issue.code === 'too_small' || issue.code === 'too_big';
  if (!/^[A-Z]/.test(issue.message) && !(isBound && ofType.has(issue.message))) {
    return wordsOf(issue.message);
  }
  switch (issue.code) {
    case 'invalid_type': {
      const kind = kinds[issue.expected] ?? { zh: issue.expected, en: issue.expected };
      return { zh: `须为${kind.zh}`, en: `must be ${kind.en}` };
    }
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return issue.values.length === 1
        ? { zh: `须为 ${values}`, en: `must be ${values}` }
        : { zh: `须为以下之一：${values}`, en: `must be one of ${values}` };
    }
    case 'not_multiple_of':
      return { zh: `须为 ${issue.divisor} 的倍数`, en: `must be a multiple of ${issue.divisor}` };
    case 'invalid_format':
      return formats[issue.format] ?? { zh: '格式不正确', en: 'has the wrong form' };
    case 'invalid_union':
      return { zh: '类型或取值不正确', en: 'has a wrong type or value' };
    default:
      return { zh: '取值不正确', en: 'has a wrong value' };
  }
}

const formats: Readonly<Record<string, Text>> = {
  url: { zh: '须为有效地址', en: 'must be an address' },
  email: { zh: '须为邮箱地址', en: 'must be an e-mail address' },
  datetime: { zh: '须为时间，如 2026-03-01T09:00:00Z', en: 'must be a time: 2026-03-01T09:00:00Z' },
  date: { zh: '须为日期，如 2026-03-01', en: 'must be a date: 2026-03-01' },
  base64: { zh: '须为 base64', en: 'must be base64' },
  ipv4: { zh: '须为 IP 地址', en: 'must be an IP address' },
  ipv6: { zh: '须为 IP 地址', en: 'must be an IP address' },
};

type Bound = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig;

function bound(issue: Bound): Text {
  const least = issue.code === 'too_small';
  const value = Number(least ? issue.minimum : issue.maximum);
  const { origin } = issue;
  if (origin === 'string' || origin === 'array' || origin === 'set') {
    if (least && value === 1) return { zh: '不能为空', en: 'must not be empty' };
    const isText = origin === 'string';
    const unit = isText ? '个字符' : '项';
    const many = `${value} ${isText ? 'character' : 'item'}${value === 1 ? '' : 's'}`;
    if (issue.exact === true) return { zh: `须为 ${value} ${unit}`, en: `must have ${many}` };
    if (least) return { zh: `不能少于 ${value} ${unit}`, en: `must have at least ${many}` };
    const most = isText ? 'must not be longer than' : 'must have at most';
    return { zh: `不能超过 ${value} ${unit}`, en: `${most} ${many}` };
  }
  if (issue.inclusive === false) {
    return least
      ? { zh: `须大于 ${value}`, en: `must be above ${value}` }
      : { zh: `须小于 ${value}`, en: `must be below ${value}` };
  }
  return least
    ? { zh: `不能小于 ${value}`, en: `must be at least ${value}` }
    : { zh: `不能大于 ${value}`, en: `must be at most ${value}` };
}
