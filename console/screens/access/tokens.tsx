import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import {
  Action,
  Card,
  type Column,
  Dialog,
  Form,
  Icon,
  Line,
  Moment,
  PagedTable,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { browserOf } from '../../format.ts';
import { useResource } from '../../resource.ts';
import { common } from '../../words/common.ts';
import { RoleChoice } from './role-choice.tsx';
import type { roles } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';
import { terms, w } from './words.ts';

type Token = Item<'/tokens'>;

/** Tokens of programs, and sessions that are open. */
export function Tokens() {
  const [adding, setAdding] = useState(false);
  const [token, setToken] = useState<string | undefined>(undefined);
  const pages = usePages();
  const tokens = useResource('/tokens', {
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
    topics: ['audit'],
  });
  const columns: Column<Token>[] = [
    { title: w.name, narrow: true, cell: (one) => <strong>{one.name}</strong> },
    { title: w.kind, narrow: true, cell: (one) => terms[one.kind] },
    { title: w.role, narrow: true, cell: (one) => terms[one.role] },
    {
      title: w.from,
      roomy: true,
      cell: (one) => (
        <span class="small break" title={one.agent ?? ''}>
          {one.kind === 'api'
            ? (one.madeBy ?? '')
            : `${browserOf(one.agent ?? '')} ${one.address ?? ''}`}
        </span>
      ),
    },
    { title: w.created, narrow: true, cell: (one) => <TimeAgo at={one.createdAt} /> },
    {
      title: w.expires,
      narrow: true,
      cell: (one) => (one.expiresAt === null ? w.forever : <Moment at={one.expiresAt} />),
    },
    {
      title: '',
      narrow: true,
      cell: (one) => (
        <Action
          needs="admin"
          run={() => api.del('/tokens/{id}', { params: { id: one.id } })}
          ask={{ title: w.revokeAsk(one.name), text: w.revokeText, danger: true }}
          then={tokens.reload}
        >
          {w.revoke}
        </Action>
      ),
    },
  ];
  return (
    <Card
      flush
      title={w.tokens}
      tools={
        <button type="button" class="primary" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {w.newToken}
        </button>
      }
    >
      <PagedTable
        of={tokens}
        pages={pages}
        name={`${w.title} ${w.tokens}`}
        columns={columns}
        keyOf={(one) => one.id}
      />
      {adding && (
        <TokenForm
          onClose={() => setAdding(false)}
          onDone={(made) => {
            setAdding(false);
            setToken(made);
            tokens.reload();
          }}
        />
      )}
      {token !== undefined && (
        <ShownOnce
          title={w.newToken}
          text={w.tokenShown}
          secret={token}
          onClose={() => setToken(undefined)}
        />
      )}
    </Card>
  );
}

function TokenForm({ onClose, onDone }: { onClose: () => void; onDone: (token: string) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]>('operator');
  const [days, setDays] = useState('');
  const save = async (): Promise<void> => {
    const body = { name, role, ...(days !== '' && { expiresInDays: Number(days) }) };
    onDone((await api.post('/tokens', { body })).token);
  };
  return (
    <Dialog title={w.newToken} onClose={onClose}>
      <Form submit={save} action={common.add} fields={['name', 'expiresInDays']} onCancel={onClose}>
        {(fault) => (
          <>
            <Line label={w.name} required error={fault('name')} value={name} set={setName} />
            <RoleChoice role={role} set={setRole} />
            <Line
              label={w.days}
              error={fault('expiresInDays')}
              inputMode="numeric"
              value={days}
              set={setDays}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}
