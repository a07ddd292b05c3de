import { Head, Tabs } from '../../components/index.ts';
import { DeadEvents } from './dead-events.tsx';
import { DeadSends } from './dead-sends.tsx';
import { w } from './words.ts';

/** What did not leave, and what did not arrive. */
export function Screen() {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs
        label={w.title}
        tabs={[
          { name: 'messages', title: w.messages, content: () => <DeadSends /> },
          { name: 'events', title: w.events, content: () => <DeadEvents /> },
        ]}
      />
    </div>
  );
}
