import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Check, Choice, Dialog, Field, Form, Line, toast } from '../../components/index.ts';
import type { SimRoom } from './phone.tsx';
import { w } from './words.ts';

/** A member of a simulated room speaks. */
export function Speak(props: { botcode: string; room: SimRoom; onDone: () => void }) {
  const { botcode, room, onDone } = props;
  const [from, setFrom] = useState('');
  const [text, setText] = useState('');
  const [at, setAt] = useState(false);
  const speaker = room.members.some(({ id }) => id === from) ? from : (room.members[0]?.id ?? '');
  const submit = async (): Promise<void> => {
    await api.post('/simulator/{botcode}/rooms/{id}/say', {
      params: { botcode, id: room.id },
      body: { from: speaker, text, at },
    });
    setText('');
    onDone();
  };
  if (room.members.length === 0) return null;
  return (
    <Form submit={submit} action={w.say} fields={['text', 'from']}>
      {(fault) => (
        <>
          <div class="fields">
            <Choice
              label={w.sayAs}
              error={fault('from')}
              value={speaker}
              options={room.members.map(({ id, name }) => [id, name])}
              set={setFrom}
            />
            <Field label={w.sayText} error={fault('text')}>
              {(own) => (
                <input
                  {...own}
                  required
                  value={text}
                  onInput={(event) => setText(event.currentTarget.value)}
                />
              )}
            </Field>
          </div>
          <Check label={w.sayAt} checked={at} onChange={setAt} />
        </>
      )}
    </Form>
  );
}

export function MakeRoom(props: {
  botcode: string;
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const { botcode, onClose, onDone } = props;
  const [topic, setTopic] = useState('');
  const [members, setMembers] = useState('');
  const submit = async (): Promise<void> => {
    const names = members
      .split(/[,，、\n]/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const made = await api.post('/simulator/{botcode}/rooms', {
      params: { botcode },
      body: { topic, members: names },
    });
    toast(w.made);
    onDone(made.id);
  };
  return (
    <Dialog title={w.addRoom} onClose={onClose}>
      <Form
        submit={submit}
        action={w.addRoom}
        fields={['topic', 'members']}
        onDone={onClose}
        onCancel={onClose}
      >
        {(fault) => (
          <>
            <Line
              label={w.addRoomTopic}
              error={fault('topic')}
              required
              autofocus
              value={topic}
              set={setTopic}
            />
            <Line
              label={w.addRoomMembers}
              error={fault('members')}
              value={members}
              set={setMembers}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}
