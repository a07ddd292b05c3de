import { signal } from '@preact/signals';

export type Role = 'viewer' | 'operator' | 'admin';
export interface Session {
  name: string;
  role: Role;
  csrf: string;
}

const ranks: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Who is logged in; null: nobody; undefined: not known yet. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether the session ended by itself, so that the login can say so. */
export const lapsed = signal(false);

/** Whether whoever is logged in may do what needs this role. The daemon checks it anyway. */
export function may(role: Role): boolean {
  const own = session.value;
  return own != null && ranks[own.role] >= ranks[role];
}

export function ended(): void {
  if (session.peek() != null) lapsed.value = true;
  session.value = null;
}
