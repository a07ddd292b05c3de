import { addresses } from './addresses.ts';
import { ChatbotError } from './errors.ts';
import type { Http } from './http.ts';
import { type Answer, bodyOf, OperationCalls, problemOf } from './operations.ts';
import { newNumber } from './signature.ts';

export interface ChatbotOptions {
  http: Http;
  url: string;
  /** Where `access.tokens` are configured. */
  accessToken?: string | undefined;
}

export interface Reply {
  sessionId: string;
  content: string;
  /** Of a card or an image. */
  reply: object | undefined;
  finish: string | undefined;
}

/** Asks the chatbot as a mini program would. */
export class Chatbot {
  readonly #calls: OperationCalls;

  constructor(options: ChatbotOptions) {
    const { accessToken } = options;
    const headers: Record<string, string> =
      accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
    this.#calls = new OperationCalls({ ...options, headers: () => headers });
  }

  /**
   * Asks and waits for the answer. The question has a name of its own, so that one that is asked again because
   * an answer was lost is asked once.
   * @throws ChatbotError, ConnectionError, or the reason of `signal`
   */
  async ask(
    content: string,
    options: { sessionId?: string; signal?: AbortSignal } = {},
  ): Promise<Reply> {
    const { sessionId = uuid(), signal } = options;
    const call = { retry: true as const, ...(signal && { signal }) };
    const body = { sessionId, messageId: `${sessionId}--${uuid()}`, content };
    const asked = await this.#say('sendNamedChatbotMessage', { body }, call);
    const { messageId } = asked.data;
    for (;;) {
      const query = { sessionId, messageId, wait: '25' };
      const answer = await this.#say('receiveNamedChatbotMessage', { query }, call);
      if (answer.code === 100) continue;
      const { content: said, reply, finish } = answer.data;
      return { sessionId, content: said, reply, finish };
    }
  }

  async #say<Id extends 'sendNamedChatbotMessage' | 'receiveNamedChatbotMessage'>(
    id: Id,
    given: { body?: object; query?: object },
    call: { retry: true; signal?: AbortSignal },
  ): Promise<Answer<Id>> {
    const answer = await this.#calls.ask(addresses[id], given, { ...call, timeoutMs: 60_000 });
    if (answer.status !== 200) throw problemOf(answer);
    const body = bodyOf(answer) as Answer<Id>;
    // HTTP says 200 whatever becomes of a call.
    if (![100, 200, 202].includes(body.code)) throw new ChatbotError(body.code, body.message);
    return body;
  }
}

/** `crypto.randomUUID` is not there on pages without TLS. */
function uuid(): string {
  const digits = newNumber();
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`];
  return [...parts, `a${digits.slice(17, 20)}`, digits.slice(20)].join('-');
}
