import { Counter, Gauge, type Registry } from 'prom-client';
import type { Chatbot } from '../../bot/chatbot/chatbot.ts';
import { answerSeconds } from '../../bot/chatbot/meter.ts';
import { histogramText } from './histogram-text.ts';

type Measured = Pick<Chatbot, 'chats' | 'meter' | 'office' | 'model'>;

/** What /metrics tells of the chatbot. */
export class ChatbotMetrics {
  readonly #chatbot: Measured;
  readonly #questions: Counter;
  readonly #answers: Counter;
  readonly #tokens: Counter;
  readonly #failures: Counter;
  readonly #appraisals: Counter;
  readonly #resting: Gauge;
  readonly #pending: Gauge;
  readonly #chats: Gauge;

  constructor(registry: Registry, chatbot: Measured) {
    const registers = [registry];
    this.#chatbot = chatbot;
    this.#questions = new Counter({
      name: 'wxrc_chatbot_questions_total',
      help: 'Questions since start: asked, repeated (the same once more), refused.',
      labelNames: ['outcome'],
      registers,
    });
    this.#answers = new Counter({
      name: 'wxrc_chatbot_answers_total',
      help: 'Answers since start, by the step that gave them; failed: broken off.',
      labelNames: ['step'],
      registers,
    });
    this.#tokens = new Counter({
      name: 'wxrc_chatbot_tokens_total',
      help: 'Tokens of language models since start.',
      labelNames: ['kind'],
      registers,
    });
    this.#failures = new Counter({
      name: 'wxrc_chatbot_model_failures_total',
      help: 'Answers that a language model did not give, or not to the end, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.#appraisals = new Counter({
      name: 'wxrc_chatbot_appraisals_total',
      help: 'Answers that their askers liked, or did not.',
      labelNames: ['verdict'],
      registers,
    });
    this.#resting = new Gauge({
      name: 'wxrc_chatbot_model_resting',
      help: '1 while the language model is left alone after failures.',
      registers,
    });
    this.#pending = new Gauge({
      name: 'wxrc_chatbot_pending',
      help: 'Questions whose answer is being made or waits for its turn.',
      registers,
    });
    this.#chats = new Gauge({
      name: 'wxrc_chatbot_chats',
      help: 'Talks that are kept: open, human (agents answer), ended.',
      labelNames: ['state'],
      registers,
    });
  }

  async read(): Promise<void> {
    const { meter, chats, office, model } = this.#chatbot;
    this.#questions.reset();
    for (const [outcome, count] of Object.entries(meter.questions)) {
      this.#questions.inc({ outcome }, count);
    }
    this.#answers.reset();
    for (const [step, count] of meter.answers) this.#answers.inc({ step }, count);
    this.#tokens.reset();
    for (const [kind, count] of Object.entries(meter.tokens)) this.#tokens.inc({ kind }, count);
    this.#failures.reset();
    for (const [reason, count] of meter.modelFailures) this.#failures.inc({ reason }, count);
    this.#appraisals.reset();
    for (const [verdict, count] of Object.entries(meter.appraisals)) {
      this.#appraisals.inc({ verdict }, count);
    }
    this.#resting.set(model.model.restsUntil === undefined ? 0 : 1);
    this.#pending.set(chats.lines.pending);
    for (const [state, count] of Object.entries(await office.countByState())) {
      this.#chats.set({ state }, count);
    }
  }

  /** How long answers take, in the text form of Prometheus. */
  times(): string {
    return histogramText('wxrc_chatbot_answer_seconds', 'Time from a question to its answer.', {
      ...this.#chatbot.meter.times,
      bounds: answerSeconds,
    });
  }
}
