import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../../api.ts';
import { Card, Field, Form, Note } from '../../components/index.ts';
import { LanguageChoice } from '../../header.tsx';
import { login } from '../../login.ts';
import { Mark } from '../../navigation.tsx';
import { lapsed } from '../../session.ts';
import { w } from './words.ts';

/** Name and password; a code too, once the daemon asks for one. */
export function Login() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const code = useRef<HTMLInputElement>(null);
  // It comes while somebody types elsewhere: the next thing typed is the code.
  useEffect(() => code.current?.focus(), [asksCode]);
  const submit = async (): Promise<void> => {
    try {
      await login(username, password, asksCode ? totp.trim() : undefined);
    } catch (error) {
      if (!(error instanceof ApiError && error.field === 'totp')) throw error;
      if (asksCode) {
        code.current?.focus();
        code.current?.select();
        throw error;
      }
      setAsksCode(true);
    }
  };
  return (
    <main class="login">
      <h1 class="brand">
        <Mark />
        wxrc
      </h1>
      <Card>
        <div class="stack">
          {lapsed.value && <Note tone="info">{w.lapsed}</Note>}
          <Form submit={submit} action={w.login}>
            {() => (
              <>
                <Field label={w.username}>
                  {(own) => (
                    <input
                      {...own}
                      name="username"
                      autocomplete="username"
                      autofocus
                      required
                      value={username}
                      onInput={(event) => setUsername(event.currentTarget.value)}
                    />
                  )}
                </Field>
                <Field label={w.password}>
                  {(own) => (
                    <input
                      {...own}
                      type="password"
                      name="password"
                      autocomplete="current-password"
                      required
                      value={password}
                      onInput={(event) => setPassword(event.currentTarget.value)}
                    />
                  )}
                </Field>
                {asksCode && (
                  <Field label={w.code} hint={w.codeHint}>
                    {(own) => (
                      <input
                        {...own}
                        ref={code}
                        name="totp"
                        autocomplete="one-time-code"
                        required
                        value={totp}
                        onInput={(event) => setTotp(event.currentTarget.value)}
                      />
                    )}
                  </Field>
                )}
              </>
            )}
          </Form>
        </div>
      </Card>
      <LanguageChoice />
    </main>
  );
}
