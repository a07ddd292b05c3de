import { Head, Tabs } from '../../components/index.ts';
import { Audit } from './audit.tsx';
import { Channels } from './channels.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';
import { w } from './words.ts';

/** Channels and their keys, people, tokens, and what was done. */
export function Screen() {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs
        label={w.title}
        tabs={[
          { name: 'channels', title: w.channels, content: () => <Channels /> },
          { name: 'users', title: w.users, content: () => <Users /> },
          { name: 'tokens', title: w.tokens, content: () => <Tokens /> },
          { name: 'audit', title: w.audit, content: () => <Audit /> },
        ]}
      />
    </div>
  );
}
