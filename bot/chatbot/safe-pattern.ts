import { type PatternNode, parsePattern } from '../../config/pattern.ts';
import { normalize } from './question.ts';

/** Steps that matching may take: shared by all patterns of one message. */
export class StepBudget {
  left: number;

  constructor(steps: number) {
    this.left = steps;
  }
}

/** Where a state goes: over a character, freely to others, or it is the end. */
type State =
  | { type: 'character'; is: (character: string) => boolean; next: number }
  | { type: 'free'; next: number[] }
  | { type: 'start'; next: number }
  | { type: 'end'; next: number }
  | { type: 'match' };

/**
 * A regular expression that takes one pass over the text: all ways to match are followed at once, so
 * nothing is ever gone back over. At most states × characters steps, and never more than its budget.
 */
export class SafePattern {
  readonly #states: State[] = [];
  readonly #first: number;

  /** @throws PatternFault */
  constructor(pattern: string) {
    const match = this.#add({ type: 'match' });
    this.#first = this.#build(parsePattern(pattern), match);
  }

  /** @returns whether it is somewhere in the text; undefined: the budget is used up */
  matches(text: string, budget: StepBudget): boolean | undefined {
    const characters = [...text];
    let now = new Set<number>();
    for (let at = 0; at <= characters.length; at++) {
      // A match may begin anywhere.
      const place = { first: at === 0, last: at === characters.length };
      if (this.#follow(this.#first, now, place, budget)) return true;
      if (budget.left <= 0) return undefined;
      const character = characters[at];
      if (character === undefined) break;
      const next = new Set<number>();
      const then = { first: false, last: at + 1 === characters.length };
      for (const index of now) {
        budget.left -= 1;
        const state = this.#states[index];
        if (state?.type !== 'character' || !state.is(character)) continue;
        if (this.#follow(state.next, next, then, budget)) return true;
      }
      if (budget.left <= 0) return undefined;
      now = next;
    }
    return false;
  }

  /** Adds a state and all it leads to freely. @returns whether the end is among them */
  #follow(
    from: number,
    into: Set<number>,
    place: { first: boolean; last: boolean },
    budget: StepBudget,
  ): boolean {
    const open = [from];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (into.has(index)) continue;
      into.add(index);
      budget.left -= 1;
      const state = this.#states[index];
      if (state?.type === 'match') return true;
      if (state?.type === 'free') open.push(...state.next);
      if (state?.type === 'start' && place.first) open.push(state.next);
      if (state?.type === 'end' && place.last) open.push(state.next);
    }
    return false;
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
