import type { Sandbox } from './sandbox.ts';
import type { AccountOptions } from './types.ts';

/** What --help prints. */
export function help(language: 'zh' | 'en'): string {
  return language === 'zh' ? helpZh : helpEn;
}

/** Printed after the ready line: what the daemon needs, and a first step that works. */
export function howTo(sandbox: Sandbox, accounts: AccountOptions[], language: 'zh' | 'en'): string {
  const zh = language === 'zh';
  const wechat = accounts.map(({ push, format, mode, ...account }) => ({
    ...account,
    ...(mode === undefined ? {} : { mode }),
    apiBase: sandbox.url,
  }));
  const [first] = accounts;
  const said = JSON.stringify({ text: zh ? '你好' : 'Hello', appid: first?.appid });
  return [
    '',
    zh ? '守护进程的配置里写上：' : "In the daemon's config:",
    '',
    JSON.stringify({ wechat }, undefined, 2).replace(/^\{\n|\n\}$/g, ''),
    '',
    zh ? '推送到：' : 'Pushes go to:',
    ...accounts.map((one) => `  ${one.appid}  ${one.push?.replaceAll('{appid}', one.appid)}`),
    '',
    zh ? '在浏览器里扮演一个微信用户：' : 'Play a WeChat user in the browser:',
    `  ${sandbox.url}/sandbox/`,
    '',
    zh ? '或者用 curl：' : 'Or with curl:',
    `  curl -s ${sandbox.url}/sandbox/users/anna/say -d '${said}'`,
    `  curl -s '${sandbox.url}/sandbox/users/anna/messages?own=1'`,
    '',
  ].join('\n');
}

const helpEn = `npm run wechat-sandbox -- [options]

A server that behaves like WeChat's platform (api.weixin.qq.com), for trying out and testing.

  --port N            default 8090; 0: any free one
  --host ADDR         default 127.0.0.1
  --account A         appid:secret:token[:aeskey][:kind], repeatable; kind: miniprogram (default), official
  --daemon URL        where the daemon is, default http://127.0.0.1:8080
  --push URL          where pushes go instead; {appid} in it is replaced
  --format xml|json   default xml
  --mode MODE         plain, compatible or secure; default: secure with an aeskey, else plain
  --language zh|en    default zh
`;

const helpZh = `npm run wechat-sandbox -- [选项]

行为与微信平台（api.weixin.qq.com）一致的服务器，供试用和测试。

  --port N            默认 8090；0：任一空闲端口
  --host 地址         默认 127.0.0.1
  --account 账号      appid:secret:token[:aeskey][:类型]，可重复；类型：miniprogram（默认）、official
  --daemon URL        守护进程的地址，默认 http://127.0.0.1:8080
  --push URL          改为推送到此处；其中的 {appid} 会被替换
  --format xml|json   默认 xml
  --mode 模式         plain（明文）、compatible（兼容）或 secure（安全）；默认：有 aeskey 为 secure，否则 plain
  --language zh|en    默认 zh
`;
