import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Area, Check, Dialog, Form, Line, Note } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import type { Entry } from './entries.tsx';
import { w } from './words.ts';

/** Makes or changes an entry. */
export function EntryForm(props: {
  entry: Entry | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const { entry, onClose, onDone } = props;
  const [kb, setKb] = useState(entry?.kb ?? 'faq');
  const [title, setTitle] = useState(entry?.title ?? '');
  const [answer, setAnswer] = useState(entry?.answer ?? '');
  const [phrases, setPhrases] = useState(
    entry?.phrases
      .map((one) => one.text)
      .filter((one) => one !== entry.title)
      .join('\n') ?? '',
  );
  const [enabled, setEnabled] = useState(entry?.enabled ?? true);
  const save = (): Promise<unknown> => {
    const body = {
      ...{ kb, title, answer, enabled },
      phrases: phrases
        .split('\n')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    };
    return entry === undefined
      ? api.post('/chatbot/kb/entries', { body })
      : api.patch('/chatbot/kb/entries/{id}', { params: { id: entry.id }, body });
  };
  return (
    <Dialog
      wide
      title={entry === undefined ? w.newEntry : `${w.editEntry} #${entry.id}`}
      onClose={onClose}
    >
      {entry !== undefined && entry.source !== 'admin' && (
        <Note tone="info">
          {w.fromFile} ({entry.source})
        </Note>
      )}
      <Form
        submit={save}
        action={common.save}
        fields={['kb', 'title', 'answer', 'phrases']}
        onCancel={onClose}
        onDone={() => {
          onClose();
          onDone();
        }}
      >
        {(fault) => (
          <>
            <Line label={w.kb} required error={fault('kb')} value={kb} set={setKb} />
            <Line
              label={w.entryTitle}
              required
              error={fault('title')}
              value={title}
              set={setTitle}
            />
            <Area
              label={w.answer}
              required
              error={fault('answer')}
              rows={7}
              value={answer}
              set={setAnswer}
            />
            <Area
              label={w.phrases}
              error={fault('phrases')}
              rows={4}
              value={phrases}
              set={setPhrases}
            />
            <Check label={w.enabled} checked={enabled} onChange={setEnabled} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
