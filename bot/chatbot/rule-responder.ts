import type { RuleReply } from '../../config/chatbot-schema.ts';
import type { Language } from '../errors.ts';
import { callAgent, type Desk, refuseAgent } from './human-responder.ts';
import type { Answering, Ask, ChatChannel, Outcome, Responder } from './responder.ts';
import { handoverText } from './sentences.ts';
import type { AskWebhook } from './webhook.ts';

/** Finds the rule that answers something. */
export interface RuleMatcher {
  match(input: {
    text: string;
    channel: ChatChannel;
    botcode?: string | undefined;
    roomId?: string | undefined;
    mentioned?: boolean | undefined;
  }): { rule: { id: number; reply: RuleReply } } | undefined;
  /** It was the answer. */
  answered(id: number): void;
}

export interface RuleResponderOptions {
  rules: RuleMatcher;
  desk: Desk;
  webhook: AskWebhook;
  language: Language;
}

/** Answers by keyword. */
export class RuleResponder implements Responder {
  readonly name = 'rules';
  readonly isWritten = true;
  readonly #options: RuleResponderOptions;

  constructor(options: RuleResponderOptions) {
    this.#options = options;
  }

  async respond(ask: Ask, out: Answering): Promise<Outcome> {
    const { question, chat, botcode, roomId, mentioned } = ask;
    const { channel } = chat;
    const hit = this.#options.rules.match({ text: question, channel, botcode, roomId, mentioned });
    if (hit === undefined) return 'pass';
    out.trace({ rule: hit.rule.id });
    const outcome = await this.#answer(hit.rule.reply, ask, out);
    if (outcome === 'answered') this.#options.rules.answered(hit.rule.id);
    return outcome;
  }

  async #answer(reply: RuleReply, ask: Ask, out: Answering): Promise<Outcome> {
    switch (reply.type) {
      case 'text':
      case 'image':
        out.say(reply);
        return 'answered';
      case 'card': {
        const { type, ...card } = reply;
        out.say({ type, card });
        return 'answered';
      }
      case 'handover':
        if (ask.chat.channel !== 'mpweixin') {
          return refuseAgent(ask.chat.channel, ask.mentioned, this.#options.language, out);
        }
        await callAgent(
          ask.chat.id,
          {
            ...{ desk: this.#options.desk, storeId: reply.storeId },
            text: reply.text ?? handoverText[this.#options.language],
          },
          out,
        );
        return 'answered';
      case 'webhook': {
        const text = await this.#options.webhook(reply.url, ask);
        if (text === undefined) return 'pass';
        out.say({ type: 'text', text });
        return 'answered';
      }
    }
  }
}
