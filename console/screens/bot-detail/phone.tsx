import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Action, Card, Empty, Icon, Note, Picture, toastError } from '../../components/index.ts';
import { time } from '../../format.ts';
import { onChange } from '../../live.ts';
import { may } from '../../session.ts';
import { MakeRoom, Speak } from './phone-forms.tsx';
import './phone.css';
import { w } from './words.ts';

export interface SimRoom {
  id: string;
  topic: string;
  members: { id: string; name: string }[];
}
interface SimMessage {
  id: string;
  fromName?: string;
  from: string;
  self?: boolean;
  kind: string;
  text?: string;
  card?: { title?: string };
  file?: { url: string };
  at: number;
}

/** The other side of a simulated bot: its rooms as the people in them see them. */
export function Phone({ botcode }: { botcode: string }) {
  const [rooms, setRooms] = useState<SimRoom[]>([]);
  const [open, setOpen] = useState<string | undefined>(undefined);
  const [messages, setMessages] = useState<SimMessage[]>([]);
  const [making, setMaking] = useState(false);
  const params = { botcode };
  const load = async (): Promise<void> => {
    const answer = await api.get('/simulator/{botcode}/rooms', { params });
    setRooms(answer.rooms as SimRoom[]);
    setOpen((now) => now ?? answer.rooms[0]?.id);
  };
  const loadTalk = async (id: string): Promise<void> => {
    const answer = await api.get('/simulator/{botcode}/rooms/{id}/messages', {
      params: { botcode, id },
      query: { limit: 100 },
    });
    setMessages(answer.messages as SimMessage[]);
  };
  useEffect(() => {
    load().catch(toastError);
    return onChange('bots', ({ id }) => {
      if (id === botcode) load().catch(() => {});
    });
  }, [botcode]);
  useEffect(() => {
    if (open === undefined) return;
    const refresh = (): void => {
      loadTalk(open).catch(() => {});
    };
    refresh();
    const stops = [
      onChange('messages', ({ id }) => {
        if (id === botcode || id === '*') refresh();
      }),
      onChange('sends', refresh),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [botcode, open]);
  const room = rooms.find(({ id }) => id === open);
  return (
    <Card
      title={w.phone}
      icon="phone"
      tools={
        <>
          {may('operator') && (
            <button type="button" onClick={() => setMaking(true)}>
              <Icon name="plus" />
              {w.addRoom}
            </button>
          )}
          <Action
            run={() => api.post('/simulator/{botcode}/kick', { params, body: {} })}
            ask={{ title: w.kick, danger: true }}
            done={w.kicked}
          >
            {w.kick}
          </Action>
        </>
      }
    >
      <div class="stack">
        <Note tone="info">{w.phoneAbout}</Note>
        <div class="phone">
          <ul class="phone-rooms" aria-label={w.chooseRoom}>
            {rooms.map(({ id, topic, members }) => (
              <li key={id}>
                <button
                  type="button"
                  class="quiet"
                  aria-pressed={id === open}
                  onClick={() => setOpen(id)}
                >
                  <span class="cut">{topic || w.unnamed}</span>
                  <span class="faint number small">{members.length + 1}</span>
                </button>
              </li>
            ))}
            {rooms.length === 0 && <li class="faint">{w.noRooms}</li>}
          </ul>
          {room !== undefined && (
            <div class="phone-talk">
              <Talk messages={messages} name={room.topic || w.unnamed} />
              {may('operator') && (
                <Speak botcode={botcode} room={room} onDone={() => void loadTalk(room.id)} />
              )}
            </div>
          )}
        </div>
      </div>
      {making && (
        <MakeRoom
          botcode={botcode}
          onClose={() => setMaking(false)}
          onDone={(id) => {
            setOpen(id);
            load().catch(toastError);
          }}
        />
      )}
    </Card>
  );
}

function Talk({ messages, name }: { messages: readonly SimMessage[]; name: string }) {
  if (messages.length === 0) return <Empty icon="chat">{w.noMessages}</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus
    <div class="phone-messages" tabIndex={0} role="log" aria-label={name}>
      <ol>
        {messages.map(({ id, self, fromName, from, at, kind, text, card, file }) => (
          <li key={id} class={self ? 'own' : undefined}>
            <span class="faint small">
              {fromName ?? from} · {time(at)}
            </span>
            <p>
              {text ??
                (card ? (
                  w.card(card.title ?? '')
                ) : kind === 'image' && file ? (
                  <Picture src={`/${file.url}`} alt={w.picture} />
                ) : (
                  w.file
                ))}
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}
