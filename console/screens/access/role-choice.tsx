import { Choice } from '../../components/index.ts';
import { roles } from './roles.ts';
import { terms, w } from './words.ts';

type Role = (typeof roles)[number];

/** Which role somebody gets, and what that may. */
export function RoleChoice({ role, set }: { role: Role; set: (role: Role) => void }) {
  return (
    <Choice
      label={w.role}
      hint={terms[`${role}Hint`]}
      value={role}
      options={roles.map((one) => [one, terms[one]])}
      set={set}
    />
  );
}
