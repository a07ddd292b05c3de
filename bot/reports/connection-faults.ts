import type { SaidBy } from '../said-by.ts';
import type { Saying } from '../sayings.ts';

const say = (en: string, zh: string): Saying => ({ zh, en, facts: true });

/** What Node calls it when there is no connection; the code stays, since one can look that up. */
export const connections: SaidBy = [
  [/^(ECONNREFUSED)$/, say('the connection was refused ({0})', '连接被拒绝（{0}）')],
  [
    /^(ENOTFOUND|EAI_AGAIN|ENODATA|EAI_\w+)$/,
    say('its name cannot be resolved ({0})', '域名无法解析（{0}）'),
  ],
  [/^(ETIMEDOUT)$/, say('no connection in time ({0})', '连接超时（{0}）')],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/,
    say('there is no way to it ({0})', '网络不可达（{0}）'),
  ],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, say('the connection broke ({0})', '连接中断（{0}）')],
  [/^(CERT_HAS_EXPIRED)$/, say('its certificate has expired ({0})', 'TLS 证书已过期（{0}）')],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID)$/,
    say('its certificate is for another name ({0})', 'TLS 证书与域名不符（{0}）'),
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+)$/,
    say('its certificate is not trusted ({0})', 'TLS 证书不受信任（{0}）'),
  ],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/, say('TLS failed ({0})', 'TLS 握手失败（{0}）')],
  [/^(HPE_\w+)$/, say('the answer is no HTTP ({0})', '应答不是 HTTP（{0}）')],
  [/^((?:E|ERR_|UND_ERR_)[A-Z_\d]+)$/, say('no connection ({0})', '无法连接（{0}）')],
  [/^no connection$/, say('no connection', '无法连接')],
];
