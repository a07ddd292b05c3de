import type { ChatbotSettings, RuleSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import { ChatCareStore } from '../../store/chat-care.ts';
import { ChatStore } from '../../store/chats.ts';
import type { Database } from '../../store/database.ts';
import { RoomChatStore } from '../../store/room-chat.ts';
import type { BotRegistry } from '../automation/bots/bot-port.ts';
import type { Sends } from '../automation/sends/sends.ts';
import type { Clock } from '../clock.ts';
import type { Language } from '../errors.ts';
import type { ConversationPort, CustomerDoor } from '../im/conversation.ts';
import { ChatAgents } from './chat-agents.ts';
import { ChatCare } from './chat-care.ts';
import type { LineLimits } from './chat-lines.ts';
import { ChatOffice } from './chat-office.ts';
import { ChatbotWatch } from './chatbot-watch.ts';
import { Chats } from './chats.ts';
import { FallbackResponder } from './fallback-responder.ts';
import { GreetingResponder } from './greeting-responder.ts';
import { Handover } from './handover.ts';
import { type Desk, HumanResponder } from './human-responder.ts';
import { Knowhow } from './knowhow.ts';
import { KnowledgeResponder } from './knowledge-responder.ts';
import { ChatMeter } from './meter.ts';
import { createModelPart, type ModelPart } from './model-part.ts';
import { Pipeline } from './pipeline.ts';
import { RoomSwitch } from './room-switch.ts';
import { type RoomSends, Rooms } from './rooms.ts';
import { RuleResponder } from './rule-responder.ts';
import { absentText } from './sentences.ts';
import { askWebhook } from './webhook.ts';

export interface ChatbotOptions {
  db: Database;
  vault: Vault;
  bots: BotRegistry;
  sends: RoomSends & Pick<Sends, 'status'>;
  conversations: Pick<ConversationPort, 'fromCustomer' | 'onDuty' | 'end'>;
  settings: ChatbotSettings;
  rules: readonly RuleSettings[];
  keepDays: number;
  timezone: string;
  clock: Clock;
  logger: Logger;
  language: Language;
  limits?: LineLimits;
  /** Throws while nothing new is taken. */
  assertRoom?: () => void;
}

/** Whatever answers questions, and the talks in which it does. */
export interface Chatbot {
  readonly settings: ChatbotSettings;
  readonly knowhow: Knowhow;
  readonly model: ModelPart;
  readonly chats: Chats;
  /** What operators see and do. */
  readonly office: ChatOffice;
  readonly rooms: Rooms;
  readonly switches: RoomSwitch;
  readonly care: ChatCare;
  readonly meter: ChatMeter;
  /** What an operator should look at. In English, without paths. */
  readonly faults: readonly string[];
  /** How agents' answers come back. */
  readonly door: CustomerDoor;
  start(): Promise<void>;
  stop(): Promise<void>;
  applyConfig(settings: ChatbotSettings, rules: readonly RuleSettings[]): Promise<void>;
}

/** Questions asked right after the start wait so long for the knowledge base. */
const patienceMs = 15_000;
/** What is under way may take so long to end. */
const stopMs = 3000;
/** What an answer may take besides a model. */
const limitMs = 60_000;

export function createChatbot(options: ChatbotOptions): Chatbot {
  const { db, vault, clock, logger, language, timezone } = options;
  let { settings } = options;
  const knowhow = new Knowhow({ db, vault, clock, logger, settings, rules: options.rules });
  const { knowledge, rules } = knowhow;
  const meter = new ChatMeter();
  const model = createModelPart({
    ...{ db, settings: settings.llm, knowledge, clock, logger, language, timezone },
    onFailed: (reason) => meter.modelFailed(reason),
    onSpent: (usage) => meter.spent(usage),
  });
  const store = new ChatStore(db);
  let ready: Promise<unknown> = Promise.resolve();
  const knowing = new KnowledgeResponder({
    ...{ knowledge, logger, language, ready: () => ready },
    mode: () => model.model.mode,
  });
  const desk: Desk = {
    isStaffed: (chatId, storeId) => handover.isStaffed(chatId, storeId),
    absentText: () => settings.handover.absentText ?? absentText[language],
  };
  const human = new HumanResponder({
    ...{ keywords: () => settings.handover.keywords, desk, language },
  });
  const fallback = new FallbackResponder({
    ...{ knowledge: knowing, unanswered: knowledge.unanswered, logger, language },
    text: () => settings.fallback,
  });
  const responders = [
    new RuleResponder({ rules, desk, webhook: askWebhook, language }),
    human,
    new GreetingResponder({ settings: () => settings.greetings, knowledge }),
    knowing,
    model.responder,
    fallback,
  ];
  const pipeline = new Pipeline({
    ...{ responders, clock, logger },
    writtenOnly: (ask) => rooms.isRulesOnly(ask),
  });
  const chats: Chats = new Chats({
    ...{ store, pipeline: () => pipeline, meter, clock, logger, language },
    human: () => handover,
    deliver: () => rooms.deliver,
    missed: (question, chat) => {
      knowledge.unanswered.note(question, chat, true).catch((error: unknown) => {
        logger.warn({ err: error }, 'a question that a model answered was not written down');
      });
    },
    // A model that is asked again may begin anew.
    limitMs: () => limitMs + (settings.llm?.totalSeconds ?? 0) * 2000,
    ...(options.limits !== undefined && { limits: options.limits }),
    ...(options.assertRoom !== undefined && { assertRoom: options.assertRoom }),
  });
  const agents = new ChatAgents(chats, clock, language);
  const handover: Handover = new Handover({
    ...{ store, agents, logger, language, conversations: () => options.conversations },
    storeId: () => settings.handover.storeId,
  });
  const switches = new RoomSwitch(new RoomChatStore(db), clock);
  const rooms: Rooms = new Rooms({
    ...{ bots: options.bots, sends: options.sends, chats, rules, switches, clock, logger },
    ...{ settings: () => settings, language },
  });
  /** A database that hangs must not hold up the end: what is under way is lost then, and told as such. */
  const bounded = async (ends: Promise<void>[]): Promise<void> => {
    await Promise.race([Promise.all(ends), clock.sleep(stopMs)]);
  };
  const watch = new ChatbotWatch({
    ...{ db, clock, logger },
    modelFault: () =>
      model.model.restsUntil === undefined ? undefined : 'the language model rests after failures',
  });
  const careStore = new ChatCareStore(db);
  const care = new ChatCare({
    ...{ store: careStore, chats, handover, clock, logger, language },
    idleMs: () => settings.idleHours * 3_600_000,
    humanIdleMs: () => settings.handover.idleMinutes * 60_000,
    keepDays: options.keepDays,
  });
  return {
    get faults() {
      return watch.faults;
    },
    get settings() {
      return settings;
    },
    ...{ knowhow, model, chats, rooms, switches, care, meter, door: handover },
    office: new ChatOffice({
      ...{ store, care: careStore, chats, clock, handover, sends: options.sends },
    }),
    async start() {
      await care.start();
      await switches.start();
      await knowhow.start();
      await watch.start(settings, options.rules);
      ready = Promise.race([knowhow.sources.settled, clock.sleep(patienceMs)]);
      model.start();
      rooms.start();
    },
    async stop() {
      rooms.stop();
      await bounded([watch.stop()]);
      await bounded([care.stop(), chats.stop()]);
      await bounded([model.stop(), knowhow.stop()]);
    },
    async applyConfig(changed, changedRules) {
      settings = changed;
      model.configure(changed.llm);
      await knowhow.applyConfig(changed, changedRules);
      await watch.start(changed, changedRules);
    },
  };
}
