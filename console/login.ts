import { type Answer, ApiError, api } from './api.ts';
import { proposeLanguage, timezone } from './i18n.ts';
import { ended, lapsed, session } from './session.ts';

type Opened = Answer<'get', '/session'>;

/** Who the cookie of this browser says we are. Asked until there is an answer. */
export async function openSession(): Promise<void> {
  for (let pause = 500; session.peek() === undefined; pause = Math.min(pause * 2, 5000)) {
    try {
      await take(await api.get('/session'));
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0 && error.status < 500) {
        session.value = null;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Leads to the log-in when the session is over; what else may be wrong is not said here. */
export async function checkSession(): Promise<void> {
  try {
    await api.get('/session');
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) ended();
  }
}

/** @throws ApiError */
export async function login(username: string, password: string, totp?: string): Promise<void> {
  const body = { username, password, cookie: true, ...(totp !== undefined && { totp }) };
  await api.post('/session', { body });
  lapsed.value = false;
  await take(await api.get('/session'));
}

export async function logout(): Promise<void> {
  await api.del('/session').catch((error: unknown) => {
    // It may have ended already; what counts is that it is over.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  session.value = null;
  lapsed.value = false;
}

async function take({ name, role, csrf, user, timezone: zone }: Opened): Promise<void> {
  // What the daemon is configured with is no reason to change what somebody reads already. And whoever
  // cannot have a language is better off with another one than with nothing.
  if (user?.language != null) await proposeLanguage(user.language).catch(() => {});
  timezone.value = zone;
  session.value = { name, role, csrf: csrf ?? '' };
}
