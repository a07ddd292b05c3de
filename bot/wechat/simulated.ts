import { createHash, randomUUID } from 'node:crypto';
import type { Account } from './account.ts';
import type { ApiAnswer } from './answer.ts';
import type { Call } from './api.ts';

/** What an account that is only simulated answers: every send succeeds, and nothing leaves. */
export function simulatedAnswer(account: Account, call: Call): ApiAnswer {
  const errmsg = 'ok (simulated)';
  switch (call.path) {
    case '/sns/jscode2session':
      return {
        kind: 'ok',
        body: {
          openid: openidOf(account, call.query?.['js_code'] ?? ''),
          session_key: 'simulated',
        },
      };
    case '/cgi-bin/media/upload':
      return { kind: 'ok', body: { errcode: 0, errmsg, media_id: `simulated-${randomUUID()}` } };
    case '/cgi-bin/media/get':
      return { kind: 'refused', errcode: 40007, errmsg: 'invalid media_id (simulated)', body: {} };
    default:
      return { kind: 'ok', body: { errcode: 0, errmsg } };
  }
}

/** The same code is the same person. */
function openidOf(account: Account, code: string): string {
  const digest = createHash('sha256').update(`${account.appid} ${code}`).digest('base64url');
  return `o${digest.slice(0, 27)}`;
}
