import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Form } from '../../components/index.ts';
import { useTxcode } from '../../txcode.ts';
import { agentOf, type Talk } from './talk.ts';
import { w } from './words.ts';

/**
 * What an operator says to the customer. It stands in its box until the daemon has said that it is
 * said; sent again until then, it is the same answer. What becomes of it is told here and in the
 * thread above: elsewhere it would lie over the button.
 * @param seen place of the newest word that the page has shown
 */
export function AnswerBox(props: { talk: Talk; seen: number; reload: () => void }) {
  const { talk, seen, reload } = props;
  const [text, setText] = useState('');
  const [txcodeOf, anew] = useTxcode();
  const write = (written: string): void => {
    // Given up: typed again, the same words are another answer.
    if (written === '') anew();
    setText(written);
  };
  const send = async (): Promise<void> => {
    const body = { text, txcode: txcodeOf(text), seen };
    await api.post('/im/conversations/{id}/messages', { params: { id: talk.id }, body });
    anew();
    // What was written on meanwhile is another answer.
    setText((now) => (now.startsWith(text) ? now.slice(text.length).trimStart() : now));
  };
  const empty = text.trim() === '';
  return (
    <Form submit={send} action={w.send} onDone={reload} disabled={empty}>
      {() => (
        <label class="field">
          <span class="faint small">
            {talk.agent === null ? w.answerSelf : w.answerAs(agentOf(talk) ?? '')} · {w.keys}
          </span>
          <textarea
            rows={3}
            maxLength={5000}
            aria-label={w.answer}
            value={text}
            onInput={(event) => write(event.currentTarget.value)}
            onKeyDown={(event) => {
              const asked = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
              if (asked && !empty) event.currentTarget.form?.requestSubmit();
            }}
          />
        </label>
      )}
    </Form>
  );
}
