import { Head, Tabs } from '../../components/index.ts';
import { Entries } from './entries.tsx';
import { Model } from './model.tsx';
import { Rooms } from './rooms.tsx';
import { Rules } from './rules.tsx';
import { Talks } from './talks.tsx';
import { Trial } from './trial.tsx';
import { Unanswered } from './unanswered.tsx';
import { w } from './words.ts';

/** What the chatbot knows, says and cannot answer. */
export function Screen() {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs
        label={w.title}
        tabs={[
          { name: 'trial', title: w.trial, content: () => <Trial /> },
          { name: 'entries', title: w.entries, content: () => <Entries /> },
          { name: 'unanswered', title: w.unanswered, content: () => <Unanswered /> },
          { name: 'rules', title: w.rules, content: () => <Rules /> },
          { name: 'talks', title: w.talks, content: () => <Talks /> },
          { name: 'rooms', title: w.rooms, content: () => <Rooms /> },
          { name: 'model', title: w.model, content: () => <Model /> },
        ]}
      />
    </div>
  );
}
