/** A way that leads nowhere, or is none. */
export class PickFault extends Error {
  readonly reason: 'nothingThere' | 'noList' | 'noWay';
  /** What of the way. */
  readonly at: string;

  constructor(reason: PickFault['reason'], at: string) {
    super(`${reason}: ${at}`);
    this.reason = reason;
    this.at = at;
  }
}

/**
 * Follows a way like `data.items`, `list[0].rows`, `days[*].count`, `['a key']` into JSON. Only what the
 * data holds itself is found. @throws PickFault
 */
export function pickFrom(data: unknown, path: string): unknown {
  return follow(data, stepsOf(path), 0);
}

type Step = { key: string } | { at: number } | { each: true };

function follow(value: unknown, steps: readonly Step[], from: number): unknown {
  const step = steps[from];
  if (step === undefined) return value;
  if ('each' in step) {
    if (!Array.isArray(value)) throw new PickFault('noList', '[*]');
    return value.flatMap((one) => follow(one, steps, from + 1));
  }
  if ('at' in step) {
    if (!Array.isArray(value)) throw new PickFault('noList', `[${step.at}]`);
    return follow(value.at(step.at), steps, from + 1);
  }
  const holds = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!holds || !Object.hasOwn(value, step.key)) {
    throw new PickFault('nothingThere', step.key);
  }
  return follow(Reflect.get(value, step.key), steps, from + 1);
}

function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  const part = /\.?([^.[\]'"]+)|\[(-?\d+)\]|\[(\*)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;
  const text = path.replace(/^\$\.?/, '');
  while (part.lastIndex < text.length) {
    const at = part.lastIndex;
    const found = part.exec(text);
    if (found === null) throw new PickFault('noWay', text.slice(at, at + 20));
    const [, name, index, each, single, double] = found;
    if (each !== undefined) steps.push({ each: true });
    else if (index !== undefined) steps.push({ at: Number(index) });
    else steps.push({ key: name?.trim() ?? single ?? double ?? '' });
  }
  return steps;
}
