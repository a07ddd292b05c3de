import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import {
  Action,
  Card,
  Choice,
  type Column,
  Dialog,
  Form,
  Icon,
  Line,
  Loaded,
  Moment,
  Table,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { terms, w } from './words.ts';

type Silence = Item<'/alarms/silences'>;
const kinds = [
  ...(['bot', 'receiver', 'schedule', 'dead-letters', 'disk'] as const),
  ...(['database', 'backup', 'certificate', 'clock'] as const),
];

/** Of what nobody is told for a while. */
export function Silences() {
  const [adding, setAdding] = useState(false);
  const silences = useResource('/alarms/silences', { topics: ['alarms'] });
  const columns: Column<Silence>[] = [
    {
      title: w.scope,
      cell: (one) =>
        [one.kind === null ? w.everything : terms[one.kind], one.subject ?? '']
          .filter((part) => part !== '')
          .join(' · '),
    },
    { title: w.until, narrow: true, cell: (one) => <Moment at={one.until} /> },
    { title: w.note, cell: (one) => `${one.note} ${one.createdBy}` },
    {
      title: '',
      narrow: true,
      cell: (one) => (
        <Action
          run={() => api.del('/alarms/silences/{id}', { params: { id: one.id } })}
          then={silences.reload}
        >
          {w.endSilence}
        </Action>
      ),
    },
  ];
  return (
    <Card
      flush
      title={w.silences}
      tools={
        may('operator') && (
          <button type="button" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {w.addSilence}
          </button>
        )
      }
    >
      <Loaded of={silences}>
        {({ items }) => (
          <Table
            name={`${w.title} ${w.silences}`}
            columns={columns}
            rows={items}
            keyOf={(one) => one.id}
            empty={w.noSilences}
          />
        )}
      </Loaded>
      {adding && (
        <SilenceForm
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            silences.reload();
          }}
        />
      )}
    </Card>
  );
}

function SilenceForm({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [kind, setKind] = useState<(typeof kinds)[number] | ''>('');
  const [subject, setSubject] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [note, setNote] = useState('');
  const save = (): Promise<unknown> =>
    api.post('/alarms/silences', {
      body: {
        ...(kind !== '' && { kind }),
        ...(subject !== '' && { subject }),
        minutes: Number(minutes),
        note,
      },
    });
  return (
    <Dialog title={w.addSilence} onClose={onClose}>
      <Form
        submit={save}
        action={common.add}
        fields={['minutes', 'subject', 'note']}
        onCancel={onClose}
        onDone={onDone}
      >
        {(fault) => (
          <>
            <Choice
              label={w.kind}
              value={kind}
              options={[['', w.everything], ...kinds.map((one) => [one, terms[one]] as const)]}
              set={setKind}
            />
            <Line label={w.subject} error={fault('subject')} value={subject} set={setSubject} />
            <Line
              label={w.minutes}
              required
              error={fault('minutes')}
              inputMode="numeric"
              value={minutes}
              set={setMinutes}
            />
            <Line label={w.note} error={fault('note')} value={note} set={setNote} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
