import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Dialog, Form, Line } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import { RoleChoice } from './role-choice.tsx';
import type { roles } from './roles.ts';
import { w } from './words.ts';

/** Adds a person. */
export function UserForm(props: {
  onClose: () => void;
  onDone: (password: string | undefined) => void;
}) {
  const { onClose, onDone } = props;
  const [username, setUsername] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]>('viewer');
  const [password, setPassword] = useState('');
  const save = async (): Promise<void> => {
    const made = await api.post('/users', {
      body: { username, role, ...(password !== '' && { password }) },
    });
    onDone(made.password);
  };
  return (
    <Dialog title={w.newUser} onClose={onClose}>
      <Form submit={save} action={common.add} fields={['username', 'password']} onCancel={onClose}>
        {(fault) => (
          <>
            <Line
              label={w.username}
              required
              error={fault('username')}
              autocomplete="off"
              value={username}
              set={setUsername}
            />
            <RoleChoice role={role} set={setRole} />
            <Line
              label={w.password}
              error={fault('password')}
              type="password"
              autocomplete="new-password"
              value={password}
              set={setPassword}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}
