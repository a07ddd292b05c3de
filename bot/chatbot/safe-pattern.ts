import { type PatternNode, parsePattern } from '../../config/pattern.ts';
import { normalize } from './question.ts';

/** Steps that matching may take: shared by all patterns of one message. */
export class StepBudget {
  left: number;

  constructor(steps: number) {
    this.left = steps;
  }
}

/** A text, taken apart once for all patterns. */
export interface Characters {
  text: string;
  list: readonly string[];
}

export function charactersOf(text: string): Characters {
  return { text, list: [...text] };
}

/** Where a state goes: over a character, freely to others, or it is the end. */
type State =
  | { type: 'character'; is: (character: string) => boolean; next: number }
  | { type: 'free'; next: number[] }
  | { type: 'start'; next: number }
  | { type: 'end'; next: number }
  | { type: 'match' };

/** To look for a word takes the runtime a step for so many characters. */
const charactersPerStep = 32;

/**
 * A regular expression that takes one pass over the text: all ways to match are followed at once, so
 * nothing is ever gone back over. At most states × characters steps, and never more than its budget.
 */
export class SafePattern {
  readonly #states: State[] = [];
  readonly #first: number;
  /** It matches at the beginning of a text or nowhere. */
  readonly #anchored: boolean;
  /** Stands in whatever matches; empty: nothing is known to. */
  readonly #word: string;
  /** The states reached at a place, and at which place each was reached last. */
  #now: number[] = [];
  #next: number[] = [];
  readonly #open: number[] = [];
  readonly #reached: Uint32Array;
  #place = 0;

  /** @throws PatternFault */
  constructor(pattern: string) {
    const node = parsePattern(pattern);
    const match = this.#add({ type: 'match' });
    this.#first = this.#build(node, match);
    this.#reached = new Uint32Array(this.#states.length);
    this.#anchored = this.#needsStart();
    this.#word = wordOf(node);
  }

  /** @returns whether it is somewhere in the text; undefined: the budget is used up */
  matches({ text, list }: Characters, budget: StepBudget): boolean | undefined {
    if (budget.left <= 0) return undefined;
    if (this.#word !== '') {
      budget.left -= 1 + Math.ceil(text.length / charactersPerStep);
      if (!text.includes(this.#word)) return false;
    }
    this.#begin();
    for (let at = 0; at <= list.length; at += 1) {
      const last = at === list.length;
      // A match may begin anywhere.
      const begins = at === 0 || !this.#anchored;
      if (begins && this.#follow(this.#first, this.#now, at === 0, last, budget)) return true;
      if (!begins && this.#now.length === 0) return false;
      if (budget.left <= 0) return undefined;
      const character = list[at];
      if (character === undefined) break;
      const now = this.#now;
      this.#now = this.#next;
      this.#now.length = 0;
      this.#next = now;
      this.#place += 1;
      budget.left -= now.length;
      for (const index of now) {
        const state = this.#states[index];
        if (state?.type !== 'character' || !state.is(character)) continue;
        if (this.#follow(state.next, this.#now, false, at + 1 === list.length, budget)) return true;
      }
      if (budget.left <= 0) return undefined;
    }
    return false;
  }

  /** Nothing was reached so far; places are numbered on, so that marks need no wiping. */
  #begin(): void {
    if (this.#place > 0xf000_0000) {
      this.#reached.fill(0);
      this.#place = 0;
    }
    this.#place += 1;
    this.#now.length = 0;
  }

  /** Adds a state and all it leads to freely. @returns whether the end is among them */
  #follow(
    from: number,
    into: number[],
    first: boolean,
    last: boolean,
    budget: StepBudget,
  ): boolean {
    const open = this.#open;
    open.length = 0;
    open.push(from);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#reached[index] === this.#place) continue;
      this.#reached[index] = this.#place;
      budget.left -= 1;
      const state = this.#states[index];
      if (state === undefined) continue;
      if (state.type === 'match') return true;
      if (state.type === 'character') into.push(index);
      else if (state.type === 'free') open.push(...state.next);
      else if (state.type === 'start' ? first : last) open.push(state.next);
    }
    return false;
  }

  /** Whether nothing can be reached but over a `^`. */
  #needsStart(): boolean {
    this.#begin();
    const reached: number[] = [];
    const matched = this.#follow(this.#first, reached, false, true, new StepBudget(Infinity));
    return !matched && reached.length === 0;
  }

  #add(state: State): number {
    return this.#states.push(state) - 1;
  }

  /** @returns where the node begins, if `next` is what comes behind it */
  #build(node: PatternNode, next: number): number {
    switch (node.type) {
      case 'character': {
        const wanted = normalize(node.character) || node.character;
        return this.#add({ type: 'character', is: (character) => character === wanted, next });
      }
      case 'one':
        return this.#add({ type: 'character', is: classOf(node.source, node.negative), next });
      case 'start':
      case 'end':
        return this.#add({ type: node.type, next });
      case 'sequence':
        return node.nodes.reduceRight((behind, one) => this.#build(one, behind), next);
      case 'either':
        return this.#add({
          type: 'free',
          next: node.nodes.map((one) => this.#build(one, next)),
        });
      case 'repeat':
        return this.#repeat(node.node, node.least, node.most, next);
    }
  }

  #repeat(node: PatternNode, least: number, most: number, next: number): number {
    let behind = next;
    if (most === Number.POSITIVE_INFINITY) {
      const again: number[] = [];
      behind = this.#add({ type: 'free', next: again });
      again.push(this.#build(node, behind), next);
    } else {
      for (let count = least; count < most; count++) {
        behind = this.#add({ type: 'free', next: [this.#build(node, behind), next] });
      }
    }
    for (let count = 0; count < least; count++) behind = this.#build(node, behind);
    return behind;
  }
}

/** The longest word that whatever matches holds as it is. */
function wordOf(node: PatternNode): string {
  let longest = '';
  let word = '';
  const end = (): void => {
    if (word.length > longest.length) longest = word;
    word = '';
  };
  for (const one of node.type === 'sequence' ? node.nodes : [node]) {
    if (one.type === 'character') {
      word += normalize(one.character) || one.character;
    } else if (one.type === 'repeat' && one.least > 0) {
      // What is repeated ends the word before it and begins the one behind it.
      end();
      const inner = wordOf(one.node);
      if (inner.length > longest.length) longest = inner;
    } else if (one.type === 'sequence') {
      end();
      const inner = wordOf(one);
      if (inner.length > longest.length) longest = inner;
    } else if (one.type !== 'start') {
      end();
    }
  }
  end();
  return longest;
}

/** Answers are kept: a text holds few different characters. */
function classOf(source: string, negative: boolean): (character: string) => boolean {
  const expression = new RegExp(`^[${negative ? '^' : ''}${source}]$`, 'iu');
  const known = new Map<string, boolean>();
  return (character) => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const is = expression.test(character);
    if (known.size < 5000) known.set(character, is);
    return is;
  };
}
