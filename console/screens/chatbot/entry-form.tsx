import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Check, Dialog, Field, Form, Note } from '../../components/index.ts';
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
            <Field label={w.kb} required error={fault('kb')}>
              {(own) => (
                <input {...own} value={kb} onInput={(event) => setKb(event.currentTarget.value)} />
              )}
            </Field>
            <Field label={w.entryTitle} required error={fault('title')}>
              {(own) => (
                <input
                  {...own}
                  value={title}
                  onInput={(event) => setTitle(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label={w.answer} required error={fault('answer')}>
              {(own) => (
                <textarea
                  {...own}
                  rows={7}
                  value={answer}
                  onInput={(event) => setAnswer(event.currentTarget.value)}
                />
              )}
            </Field>
            <Field label={w.phrases} error={fault('phrases')}>
              {(own) => (
                <textarea
                  {...own}
                  rows={4}
                  value={phrases}
                  onInput={(event) => setPhrases(event.currentTarget.value)}
                />
              )}
            </Field>
            <Check label={w.enabled} checked={enabled} onChange={setEnabled} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
