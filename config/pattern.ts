/**
 * Regular expressions of rules: a part of the usual language that can be matched in one pass over the
 * text, whatever the expression. What would need to go back (back references, looking around) is
 * refused, and so is what becomes too large.
 */

/** Why a pattern is refused. */
export class PatternFault extends Error {
  readonly zh: string;
  /** Character of the pattern, from 0. */
  readonly at: number;

  constructor(at: number, zh: string, en: string) {
    super(`${en} (at character ${at + 1})`);
    this.zh = `${zh}（第 ${at + 1} 个字符）`;
    this.at = at;
  }
}

export type PatternNode =
  | { type: 'one'; source: string; negative: boolean }
  | { type: 'character'; character: string }
  | { type: 'start' }
  | { type: 'end' }
  | { type: 'sequence'; nodes: PatternNode[] }
  | { type: 'either'; nodes: PatternNode[] }
  | { type: 'repeat'; node: PatternNode; least: number; most: number };

/** States of the machine that a pattern becomes, counted repetitions written out. */
const mostStates = 1000;
const deepest = 50;

const perCharacter: Record<string, string> = {
  ...{ d: '\\d', D: '\\D', w: '\\w', W: '\\W', s: '\\s', S: '\\S' },
};
const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };

/** @throws PatternFault with the reason */
export function parsePattern(pattern: string): PatternNode {
  const node = new Parser(pattern).parse();
  const states = statesOf(node);
  if (states > mostStates) {
    throw new PatternFault(
      0,
      `重复次数展开后过大（${states} 个状态，最多 ${mostStates}）`,
      `too large with its repetitions written out: ${states} states, at most ${mostStates}`,
    );
  }
  return node;
}

/** How many states it takes; what is beyond all bounds is Infinity. */
function statesOf(node: PatternNode): number {
  switch (node.type) {
    case 'sequence':
    case 'either':
      return node.nodes.reduce((sum, one) => sum + statesOf(one) + 1, 1);
    case 'repeat':
      return (
        (statesOf(node.node) + 1) *
        Math.max(node.least, node.most === Infinity ? node.least + 1 : node.most, 1)
      );
    default:
      return 1;
  }
}

class Parser {
  readonly #signs: string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#signs = [...pattern];
  }

  parse(): PatternNode {
    const node = this.#either();
    if (this.#at < this.#signs.length)
      throw this.#fault('括号不配对', 'a bracket without its other');
    return node;
  }

  #either(): PatternNode {
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#fault('括号层数过多', 'too many brackets in each other');
    const nodes = [this.#sequence()];
    while (this.#takes('|')) nodes.push(this.#sequence());
    this.#depth -= 1;
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { type: 'either', nodes };
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    for (;;) {
      const sign = this.#signs[this.#at];
      if (sign === undefined || sign === '|' || sign === ')') return { type: 'sequence', nodes };
      nodes.push(this.#repeated());
    }
  }

  #repeated(): PatternNode {
    const began = this.#at;
    const node = this.#atom();
    const bounds = this.#bounds();
    if (bounds === undefined) return node;
    if (node.type === 'start' || node.type === 'end') {
      throw new PatternFault(began, '^ 和 $ 不能重复', '^ and $ cannot be repeated');
    }
    this.#takes('?'); // How much is taken makes no difference to whether it matches.
    if (this.#bounds() !== undefined) throw this.#fault('连续的量词', 'a quantifier after another');
    return { type: 'repeat', node, ...bounds };
  }

  #bounds(): { least: number; most: number } | undefined {
    if (this.#takes('*')) return { least: 0, most: Infinity };
    if (this.#takes('+')) return { least: 1, most: Infinity };
    if (this.#takes('?')) return { least: 0, most: 1 };
    const counted = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(
      this.#signs.slice(this.#at, this.#at + 12).join(''),
    );
    if (counted === null) return undefined;
    const least = Number(counted[1]);
    const most =
      counted[2] === undefined ? least : counted[3] === undefined ? Infinity : Number(counted[3]);
    if (most < least) throw this.#fault('重复的范围颠倒', 'numbers of a repetition out of order');
    this.#at += counted[0].length;
    return { least, most };
  }

  #atom(): PatternNode {
    const sign = this.#signs[this.#at] ?? '';
    if ('*+?'.includes(sign)) throw this.#fault('量词前没有内容', 'nothing to repeat');
    this.#at += 1;
    switch (sign) {
      case '.':
        return { type: 'one', source: '\\n', negative: true };
      case '^':
        return { type: 'start' };
      case '$':
        return { type: 'end' };
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case '\\':
        return this.#escaped();
      default:
        return { type: 'character', character: sign };
    }
  }

  #group(): PatternNode {
    if (this.#takes('?') && !this.#takes(':')) {
      this.#at -= 2;
      throw this.#fault(
        '不支持环视与命名分组',
        'looking around and named groups are not supported',
      );
    }
    const node = this.#either();
    if (!this.#takes(')')) throw this.#fault('括号没有结束', 'a bracket is not closed');
    return node;
  }

  #escaped(): PatternNode {
    const sign = this.#signs[this.#at];
    if (sign === undefined) throw this.#fault('结尾的反斜杠', 'a backslash at the end');
    if (/[1-9k]/.test(sign))
      throw this.#fault('不支持反向引用', 'back references are not supported');
    if (/[bB]/.test(sign)) throw this.#fault('不支持 \\b', '\\b is not supported');
    this.#at += 1;
    const class_ = perCharacter[sign];
    if (class_ !== undefined) return { type: 'one', source: class_, negative: false };
    if (sign === 'u') {
      const code = this.#signs.slice(this.#at, this.#at + 4).join('');
      if (!/^[0-9a-f]{4}$/i.test(code))
        throw this.#fault('\\u 后须为四位十六进制数', '\\u needs four hex digits');
      this.#at += 4;
      return { type: 'character', character: String.fromCharCode(Number.parseInt(code, 16)) };
    }
    if (/[a-z0-9]/i.test(sign) && controls[sign] === undefined) {
      this.#at -= 1;
      throw this.#fault(`不支持 \\${sign}`, `\\${sign} is not supported`);
    }
    return { type: 'character', character: controls[sign] ?? sign };
  }

  #class(): PatternNode {
    const began = this.#at - 1;
    const negative = this.#takes('^');
    const from = this.#at;
    for (; this.#signs[this.#at] !== ']'; this.#at++) {
      if (this.#at >= this.#signs.length) {
        throw new PatternFault(began, '方括号没有结束', 'a square bracket is not closed');
      }
      if (this.#signs[this.#at] === '\\') this.#at += 1;
    }
    const source = this.#signs.slice(from, this.#at).join('').replaceAll('[', '\\[');
    this.#at += 1;
    if (source === '') throw new PatternFault(began, '空的方括号', 'an empty square bracket');
    try {
      // Of one character only: there is nothing to go back over.
      new RegExp(`^[${source}]$`, 'u');
    } catch {
      throw new PatternFault(began, '方括号内容有误', 'a square bracket that cannot be read');
    }
    return { type: 'one', source, negative };
  }

  #takes(sign: string): boolean {
    if (this.#signs[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #fault(zh: string, en: string): PatternFault {
    return new PatternFault(this.#at, zh, en);
  }
}
