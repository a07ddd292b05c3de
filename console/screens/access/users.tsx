import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  type Column,
  confirm,
  Icon,
  PagedTable,
  TimeAgo,
  useAction,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { session } from '../../session.ts';
import { common } from '../../words/common.ts';
import { roles } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';
import { UserForm } from './user-form.tsx';
import { terms, w } from './words.ts';

type User = Item<'/users'>;

/** The people who may log in. */
export function Users() {
  const [adding, setAdding] = useState(false);
  const [password, setPassword] = useState<string | undefined>(undefined);
  const pages = usePages();
  const users = useResource('/users', {
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
    topics: ['audit'],
  });
  const columns: Column<User>[] = [
    {
      title: w.username,
      roomy: true,
      cell: (one) => (
        <>
          <strong>{one.username}</strong>
          {one.builtIn && <span class="faint small"> {w.builtIn}</span>}
        </>
      ),
    },
    { title: w.role, narrow: true, cell: (one) => <RoleChoice user={one} then={users.reload} /> },
    {
      title: common.state,
      narrow: true,
      cell: (one) => {
        if (one.disabled) return <Badge tone="idle">{w.disabled}</Badge>;
        if (one.lockedUntil !== null) return <Badge tone="warn">{w.locked}</Badge>;
        return <Badge tone="good">{w.active}</Badge>;
      },
    },
    { title: w.totp, narrow: true, cell: (one) => (one.totp ? w.on : w.off) },
    { title: w.lastLogin, narrow: true, cell: (one) => <TimeAgo at={one.loggedInAt} /> },
    {
      title: '',
      narrow: true,
      cell: (one) => <Doing user={one} reload={users.reload} show={setPassword} />,
    },
  ];
  return (
    <Card
      flush
      title={w.users}
      tools={
        <button type="button" class="primary" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          {w.newUser}
        </button>
      }
    >
      <PagedTable
        of={users}
        pages={pages}
        name={`${w.title} ${w.users}`}
        columns={columns}
        keyOf={(one) => one.id}
      />
      {adding && (
        <UserForm
          onClose={() => setAdding(false)}
          onDone={(made) => {
            setAdding(false);
            setPassword(made);
            users.reload();
          }}
        />
      )}
      {password !== undefined && (
        <ShownOnce
          title={w.newUser}
          text={w.passwordShown}
          secret={password}
          onClose={() => setPassword(undefined)}
        />
      )}
    </Card>
  );
}

function RoleChoice({ user, then }: { user: User; then: () => void }) {
  const [, run] = useAction();
  const isSelf = user.username === session.value?.name;
  if (user.builtIn || isSelf) return <span>{terms[user.role]}</span>;
  return (
    <select
      aria-label={`${w.role} ${user.username}`}
      value={user.role}
      onChange={async ({ currentTarget }) => {
        const role = roles.find((one) => one === currentTarget.value);
        if (role === undefined) return;
        // An arrow key is enough to choose the next one.
        currentTarget.value = user.role;
        const { id, username } = user;
        if (
          !(await confirm({ title: w.roleAsk(username, terms[role]), text: terms[`${role}Hint`] }))
        )
          return;
        const change = () => api.patch('/users/{id}', { params: { id }, body: { role } });
        void run(change, common.done).then(then);
      }}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {terms[one]}
        </option>
      ))}
    </select>
  );
}

function Doing(props: {
  user: User;
  reload: () => void;
  show: (password: string | undefined) => void;
}) {
  const { user, reload, show } = props;
  const { id, username } = user;
  if (user.builtIn || username === session.value?.name) return null;
  const params = { id };
  return (
    <div class="row">
      {user.lockedUntil !== null && (
        <Action needs="admin" run={() => api.post('/users/{id}/unlock', { params })} then={reload}>
          {w.unlock}
        </Action>
      )}
      <Action
        needs="admin"
        run={() => api.patch('/users/{id}', { params, body: { disabled: !user.disabled } })}
        then={reload}
      >
        {user.disabled ? w.enable : w.disable}
      </Action>
      <Action
        needs="admin"
        run={async () =>
          show((await api.post('/users/{id}/password', { params, body: {} })).password)
        }
        ask={{ title: w.resetAsk(username), text: w.resetText }}
      >
        {w.reset}
      </Action>
      {user.totp && (
        <Action
          needs="admin"
          run={() => api.del('/users/{id}/totp', { params })}
          ask={{ title: w.dropTotpAsk(username), text: w.dropTotpText, danger: true }}
          then={reload}
        >
          {w.dropTotp}
        </Action>
      )}
      <Action
        needs="admin"
        kind="quiet"
        icon="trash"
        label={`${common.remove} ${username}`}
        run={() => api.del('/users/{id}', { params })}
        ask={{ title: w.removeUserAsk(username), text: w.removeUserText, danger: true }}
        then={reload}
      >
        {''}
      </Action>
    </div>
  );
}
