import { useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  type Column,
  Form,
  Head,
  Line,
  Loaded,
  Moment,
  Note,
  Table,
  toast,
} from '../../components/index.ts';
import { browserOf } from '../../format.ts';
import { useResource } from '../../resource.ts';
import { TwoSteps } from './two-steps.tsx';
import { w } from './words.ts';

export type Profile = Answer<'get', '/profile'>;
type Session = Profile['sessions'][number];

/** Oneself: password, two steps, and where one is logged in. */
export function Screen() {
  const profile = useResource('/profile', { topics: ['audit'] });
  return (
    <div class="stack">
      <Head title={w.title} />
      <Loaded of={profile}>
        {(data) => (
          <>
            <div class="halves">
              <Password fixed={data.passwordFixed} />
              <TwoSteps profile={data} reload={profile.reload} />
            </div>
            <Sessions sessions={data.sessions} reload={profile.reload} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Password({ fixed }: { fixed: boolean }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = async (): Promise<void> => {
    await api.post('/profile/password', { body: { current, password } });
    setCurrent('');
    setPassword('');
    toast(w.changed);
  };
  return (
    <Card title={w.password} icon="key">
      {fixed ? (
        <Note tone="info">{w.fixed}</Note>
      ) : (
        <Form submit={change} action={w.change} fields={['current', 'password']}>
          {(fault) => (
            <>
              <Line
                label={w.current}
                required
                error={fault('current')}
                type="password"
                autocomplete="current-password"
                value={current}
                set={setCurrent}
              />
              <Line
                label={w.next}
                required
                error={fault('password')}
                type="password"
                autocomplete="new-password"
                value={password}
                set={setPassword}
              />
            </>
          )}
        </Form>
      )}
    </Card>
  );
}

function Sessions({ sessions, reload }: { sessions: readonly Session[]; reload: () => void }) {
  const columns: Column<Session>[] = [
    {
      title: w.browser,
      cell: ({ agent }) => <span title={agent ?? ''}>{browserOf(agent || '–')}</span>,
    },
    { title: w.address, narrow: true, cell: (one) => one.address },
    { title: w.at, narrow: true, cell: (one) => <Moment at={one.createdAt} /> },
    { title: w.until, narrow: true, cell: (one) => <Moment at={one.expiresAt} /> },
    {
      title: '',
      narrow: true,
      cell: (one) =>
        one.current ? (
          <Badge tone="good">{w.thisOne}</Badge>
        ) : (
          <Action
            needs="viewer"
            run={() => api.del('/profile/sessions/{id}', { params: { id: one.id } })}
            then={reload}
          >
            {w.end}
          </Action>
        ),
    },
  ];
  return (
    <Card
      flush
      title={w.sessions}
      icon="user"
      tools={
        <Action
          needs="viewer"
          run={() => api.post('/profile/sessions/end-others')}
          ask={{ title: w.endOthersAsk, text: w.endOthersText }}
          then={reload}
        >
          {w.endOthers}
        </Action>
      }
    >
      <Table
        name={`${w.title} ${w.sessions}`}
        columns={columns}
        rows={sessions}
        keyOf={(one) => one.id}
      />
    </Card>
  );
}
