import { useState } from 'preact/hooks';
import { type Answer, api, type Item } from '../../api.ts';
import {
  Action,
  Area,
  Card,
  Choice,
  type Column,
  Dialog,
  Form,
  Line,
  PagedTable,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href } from '../../router.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { Scores } from './trace.tsx';
import { w } from './words.ts';

type Question = Item<'/chatbot/unanswered'>;
type Found = Answer<'post', '/chatbot/kb/test'>['found'];

/** Questions nobody answered, the most asked first: each becomes a phrasing or an entry. */
export function Unanswered() {
  const pages = usePages();
  const [open, setOpen] = useState<{ question: Question; found: Found } | undefined>(undefined);
  const list = useResource('/chatbot/unanswered', {
    query: { ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
    topics: ['chats'],
  });
  const begin = async (question: Question): Promise<void> => {
    // What is nearest is most likely where it belongs.
    const { found } = await api.post('/chatbot/kb/test', { body: { question: question.question } });
    setOpen({ question, found });
  };
  const columns: Column<Question>[] = [
    { title: w.asked, narrow: true, align: 'end', cell: (one) => one.count },
    {
      title: w.question,
      roomy: true,
      cell: (one) => <a href={href('/chatbot/:id', { id: one.chat })}>{one.question}</a>,
    },
    { title: w.lastAsked, narrow: true, cell: (one) => <TimeAgo at={one.lastAt} /> },
    {
      title: '',
      narrow: true,
      cell: (one) =>
        may('operator') && (
          <div class="row">
            <button type="button" class="primary" onClick={() => void begin(one)}>
              {w.giveAnswer}
            </button>
            <Action
              run={() => api.del('/chatbot/unanswered/{id}', { params: { id: one.id } })}
              ask={{ title: w.dropAsk, text: w.dropText }}
              then={list.reload}
            >
              {w.drop}
            </Action>
          </div>
        ),
    },
  ];
  return (
    <Card flush>
      <PagedTable
        of={list}
        pages={pages}
        name={w.unanswered}
        columns={columns}
        keyOf={(one) => one.id}
        empty={w.noUnanswered}
      />
      {open !== undefined && (
        <AnswerForm
          question={open.question}
          found={open.found}
          onClose={() => setOpen(undefined)}
          onDone={list.reload}
        />
      )}
    </Card>
  );
}

function AnswerForm(props: {
  question: Question;
  found: Found;
  onClose: () => void;
  onDone: () => void;
}) {
  const { question, found, onClose, onDone } = props;
  const [way, setWay] = useState<'entry' | 'new'>(found.length > 0 ? 'entry' : 'new');
  const [entry, setEntry] = useState(String(found[0]?.entry ?? ''));
  const [kb, setKb] = useState(found[0]?.kb ?? 'faq');
  const [answer, setAnswer] = useState('');
  const save = (): Promise<unknown> =>
    api.post('/chatbot/unanswered/{id}/answer', {
      params: { id: question.id },
      body: way === 'entry' ? { entry: Number(entry) } : { kb, answer },
    });
  return (
    <Dialog wide title={question.question} onClose={onClose}>
      {found.length > 0 && <Scores rows={found.slice(0, 5)} />}
      <Form
        submit={save}
        action={common.save}
        fields={['entry', 'kb', 'answer']}
        onCancel={onClose}
        onDone={() => {
          onClose();
          onDone();
        }}
      >
        {(fault) => (
          <>
            <Choice
              label={w.giveAnswer}
              value={way}
              options={[
                ['entry', w.toEntry],
                ['new', w.toNew],
              ]}
              set={setWay}
            />
            {way === 'entry' ? (
              <Line
                label={w.chooseEntry}
                required
                error={fault('entry')}
                inputMode="numeric"
                value={entry}
                set={setEntry}
              />
            ) : (
              <>
                <Line label={w.kb} required error={fault('kb')} value={kb} set={setKb} />
                <Area
                  label={w.answer}
                  required
                  error={fault('answer')}
                  rows={6}
                  value={answer}
                  set={setAnswer}
                />
              </>
            )}
          </>
        )}
      </Form>
    </Dialog>
  );
}
