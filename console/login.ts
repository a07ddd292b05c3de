import { ApiError, call } from './api.ts';
import { proposeLanguage, timezone } from './i18n.ts';
import { lapsed, type Role, session } from './session.ts';

interface Opened {
  user?: { name: string; role?: Role };
  name?: string;
  role?: Role;
  csrf: string;
  language?: 'zh' | 'en';
  timezone?: string;
}

/** Who the cookie of this browser says we are. Asked until there is an answer. */
export async function openSession(): Promise<void> {
  for (let pause = 500; session.peek() === undefined; pause = Math.min(pause * 2, 5000)) {
    try {
      take((await call('GET', '/session')) as Opened);
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0 && error.status < 500) {
        session.value = null;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** @throws ApiError */
export async function login(username: string, password: string, totp?: string): Promise<void> {
  const body = { username, password, cookie: true, ...(totp !== undefined && { totp }) };
  const opened = (await call('POST', '/session', { body })) as Opened;
  lapsed.value = false;
  take(opened);
}

export async function logout(): Promise<void> {
  await call('DELETE', '/session').catch((error: unknown) => {
    // It may have ended already; what counts is that it is over.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  session.value = null;
  lapsed.value = false;
}

function take({ user, name, role, csrf, language, timezone: zone }: Opened): void {
  if (language !== undefined) proposeLanguage(language);
  if (zone !== undefined) timezone.value = zone;
  session.value = { name: user?.name ?? name ?? '', role: user?.role ?? role ?? 'viewer', csrf };
}
