import { type Answer, answerOf, plainType, Refusal } from './answers.ts';
import { type ApiCall, accountBySecret, jsonBody } from './api-call.ts';

/** How long a code of wx.login is good for. */
const codeLife = 300_000;

/** /sns/jscode2session: a code of wx.login becomes an openid. Answers as text, as WeChat does. */
export function codeToSession(call: ApiCall): Answer {
  try {
    return { type: plainType, body: JSON.stringify(session(call)) };
  } catch (error) {
    if (error instanceof Refusal) return answerOf(error, plainType);
    throw error;
  }
}

function session(call: ApiCall): Record<string, string> {
  const { query, world, now } = call;
  const account = accountBySecret(call, query.get('appid'), query.get('secret'));
  if (query.get('grant_type') !== 'authorization_code') throw new Refusal(40002);
  const text = query.get('js_code') ?? '';
  if (text === '') throw new Refusal(41008);
  const code = world.codes.get(text);
  if (code?.user.appid !== account.appid || now - code.madeAt >= codeLife) throw new Refusal(40029);
  const { user } = code;
  user.logins = user.logins.filter((at) => now - at < 60_000);
  if (user.logins.length >= (world.options.loginsPerMinute ?? 100)) throw new Refusal(45011);
  user.logins.push(now);
  if (code.used) throw new Refusal(40163);
  code.used = true;
  if (user.risky) throw new Refusal(40226);
  return {
    session_key: user.newSessionKey(),
    openid: user.openid,
    ...(user.unionid === undefined ? {} : { unionid: user.unionid }),
  };
}

/** GET /cgi-bin/token. */
export function plainToken(call: ApiCall): Answer {
  const { query } = call;
  if (query.get('grant_type') !== 'client_credential') throw new Refusal(40002);
  const account = accountBySecret(call, query.get('appid'), query.get('secret'));
  return token(call.world.tokens.plain(account.appid, call.now));
}

/** POST /cgi-bin/stable_token. */
export function stableToken(call: ApiCall): Answer {
  const body = jsonBody(call);
  if (body['grant_type'] !== 'client_credential') throw new Refusal(40002);
  const account = accountBySecret(call, body['appid'], body['secret']);
  const force = body['force_refresh'] === true;
  return token(call.world.tokens.stable(account.appid, force, call.now));
}

function token(made: { token: string; seconds: number }): Answer {
  return { body: JSON.stringify({ access_token: made.token, expires_in: made.seconds }) };
}
