import type { RuleKind, RuleReply, RuleScope, RuleSettings } from '../../config/chatbot-schema.ts';
import { PatternFault } from '../../config/pattern.ts';
import type { RuleRow } from '../../store/rules.ts';
import { AppError } from '../errors.ts';
import { normalize } from './question.ts';
import { type Characters, charactersOf, SafePattern, type StepBudget } from './safe-pattern.ts';

/** An answer by keyword. */
export interface Rule {
  id: number;
  /** config: as the file says, and changed there. */
  source: 'config' | 'admin';
  name: string;
  kind: RuleKind;
  pattern: string;
  scope: RuleScope;
  priority: number;
  reply: RuleReply;
  enabled: boolean;
  /** How often it was the answer. */
  hits: number;
  createdAt: number;
  updatedAt: number;
}

/** What was said, and where. */
export interface RuleInput {
  text: string;
  channel: string;
  botcode?: string | undefined;
  roomId?: string | undefined;
  mentioned?: boolean | undefined;
}

/** A text as rules look at it. */
export interface Said {
  /** In one spelling. */
  text: string;
  /** Without punctuation and blanks at its ends. */
  bare: string;
  /** What regular expressions look at. */
  characters: Characters;
}

/** undefined: nobody can say, the budget is used up. */
export type Matcher = (said: Said, budget: StepBudget) => boolean | undefined;

/** Words are looked for in so much of a text: one spelling may be many times as long as another. */
const longestText = 4000;
/** Regular expressions look at so much of it. */
const longestMatched = 2000;

/** A text made ready for all rules at once. */
export function saidIn(words: string): Said {
  const whole = normalize(words);
  const text = whole.slice(0, longestText);
  return { text, bare: bare(whole), characters: charactersOf(text.slice(0, longestMatched)) };
}

/** @throws AppError field_value (pattern) */
export function matcherOf({ kind, pattern }: Pick<RuleSettings, 'kind' | 'pattern'>): Matcher {
  if (kind === 'regex') {
    const expression = compiled(pattern);
    return ({ characters }, budget) => expression.matches(characters, budget);
  }
  const wanted = kind === 'exact' ? bare(normalize(pattern)) : normalize(pattern);
  if (wanted === '') throw wrongPattern('须含文字', 'must hold letters');
  if (kind === 'exact' && wanted === reserved) {
    throw wrongPattern('help 为保留词', 'help is reserved');
  }
  if (kind === 'exact') return (said) => said.bare === wanted;
  if (kind === 'prefix') return ({ text }) => text.startsWith(wanted);
  return ({ text }) => text.includes(wanted);
}

/** The product itself answers this word. */
export const reserved = 'help';

/** Without punctuation and blanks at its ends. */
export function bare(text: string): string {
  return text.replace(/^[\p{P}\p{Z}\s]+/u, '').replace(/(?<![\p{P}\p{Z}\s])[\p{P}\p{Z}\s]+$/u, '');
}

/** Whether a rule has a say here at all. */
export function inScope(scope: RuleScope, input: RuleInput): boolean {
  const { channels, botcodes, rooms, mentioned } = scope;
  if (channels !== undefined && !channels.includes(input.channel)) return false;
  if (botcodes !== undefined && !botcodes.includes(input.botcode ?? '')) return false;
  if (rooms !== undefined && !rooms.includes(input.roomId ?? '')) return false;
  return mentioned !== true || input.mentioned === true;
}

export function ruleOf(row: RuleRow): Rule {
  return {
    ...{ id: Number(row.id), source: row.source, name: row.name, pattern: row.pattern },
    // Only what was validated is ever written.
    kind: row.kind as RuleKind,
    scope: JSON.parse(row.scope) as RuleScope,
    priority: Number(row.priority),
    reply: JSON.parse(row.reply) as RuleReply,
    enabled: Number(row.enabled) === 1,
    hits: Number(row.hits),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

function compiled(pattern: string): SafePattern {
  try {
    return new SafePattern(pattern);
  } catch (error) {
    if (error instanceof PatternFault) throw wrongPattern(error.zh, error.message);
    throw error;
  }
}

function wrongPattern(zh: string, en: string): AppError {
  return new AppError(
    'field_value',
    { zh: `pattern: ${zh}`, en: `pattern: ${en}` },
    { field: 'pattern' },
  );
}
