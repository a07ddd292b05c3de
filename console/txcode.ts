import { useRef } from 'preact/hooks';

/**
 * A number for each request of a form: the same content has the same one, so that whoever presses
 * the button again because an answer was lost sends nothing twice.
 * @returns the number, and what to call once the answer is known, or nobody asks for it any more: from
 * then on the same content is meant anew
 */
export function useTxcode(): [(content: unknown) => string, () => void] {
  const last = useRef({ content: '', txcode: '' });
  const txcodeOf = (content: unknown): string => {
    const text = JSON.stringify(content);
    if (text !== last.current.content) last.current = { content: text, txcode: fresh() };
    return last.current.txcode;
  };
  const anew = (): void => {
    last.current = { content: '', txcode: '' };
  };
  return [txcodeOf, anew];
}

/** `crypto.randomUUID` is there for https and localhost only. */
function fresh(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console:${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
