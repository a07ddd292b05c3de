import { useRef } from 'preact/hooks';

/**
 * A number for each request of a form: the same content has the same one, so that whoever presses
 * the button again because an answer was lost sends nothing twice.
 */
export function useTxcode(): (content: unknown) => string {
  const last = useRef({ content: '', txcode: '' });
  return (content) => {
    const text = JSON.stringify(content);
    if (text !== last.current.content) last.current = { content: text, txcode: fresh() };
    return last.current.txcode;
  };
}

/** `crypto.randomUUID` is there for https and localhost only. */
function fresh(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console:${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
