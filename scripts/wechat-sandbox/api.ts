import { type Answer, answerOf, Refusal } from './answers.ts';
import { type ApiCall, accountOf, type Handler } from './api-call.ts';
import { customSend, typing } from './custom-send.ts';
import { codeToSession, plainToken, stableToken } from './login.ts';
import { download, upload } from './media-calls.ts';
import { type Sent, subscribeSend } from './subscribe-send.ts';

/** The platform's calls; `sent` is told of every subscribe message. */
export function createApi(sent: (what: Sent) => void): (call: ApiCall) => Promise<Answer> {
  const handlers: Record<string, Handler> = {
    '/sns/jscode2session': codeToSession,
    '/cgi-bin/token': plainToken,
    '/cgi-bin/stable_token': stableToken,
    '/cgi-bin/message/custom/send': customSend,
    '/cgi-bin/message/custom/typing': typing,
    '/cgi-bin/message/custom/business/typing': typing,
    '/cgi-bin/media/upload': upload,
    '/cgi-bin/media/get': download,
    '/cgi-bin/message/subscribe/send': (call) => subscribeSend(call, sent),
    '/cgi-bin/message/wxopen/template/send': retired,
    '/cgi-bin/message/wxopen/template/uniform_send': retired,
    '/cgi-bin/getcallbackip': addresses,
    '/cgi-bin/get_api_domain_ip': addresses,
  };
  return async (call) => {
    const handler = Object.hasOwn(handlers, call.path) ? handlers[call.path] : undefined;
    try {
      if (handler === undefined) throw new Refusal(40066);
      return await handler(call);
    } catch (error) {
      if (error instanceof Refusal) return answerOf(error);
      throw error;
    }
  };
}

function retired(call: ApiCall): Answer {
  accountOf(call);
  throw new Refusal(45109);
}

function addresses(call: ApiCall): Answer {
  accountOf(call);
  return { body: JSON.stringify({ ip_list: ['127.0.0.1', '::1'] }) };
}
