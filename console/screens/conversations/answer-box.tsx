import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Icon, useAction } from '../../components/index.ts';
import { useTxcode } from '../../txcode.ts';
import { agentOf, type Talk } from './talk.ts';
import { w } from './words.ts';

/**
 * What an operator says to the customer. It stands in its box until the daemon has said that it is
 * said; sent again until then, it is the same answer.
 * @param seen place of the newest word that the page has shown
 */
export function AnswerBox(props: { talk: Talk; seen: number; reload: () => void }) {
  const { talk, seen, reload } = props;
  const [text, setText] = useState('');
  const [busy, run] = useAction();
  const [txcodeOf, anew] = useTxcode();
  const write = (written: string): void => {
    // Given up: typed again, the same words are another answer.
    if (written === '') anew();
    setText(written);
  };
  const send = async (): Promise<void> => {
    if (text.trim() === '' || busy) return;
    const body = { text, txcode: txcodeOf(text), seen };
    const say = () =>
      api.post('/im/conversations/{id}/messages', { params: { id: talk.id }, body });
    if (!(await run(say, w.sent))) return;
    anew();
    // What was written on meanwhile is another answer.
    setText((now) => (now.startsWith(text) ? now.slice(text.length).trimStart() : now));
    reload();
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
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
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
      </label>
      <div class="form-foot">
        <button type="submit" class="primary" disabled={busy || text.trim() === ''}>
          <Icon name="send" />
          {w.send}
        </button>
      </div>
    </form>
  );
}
