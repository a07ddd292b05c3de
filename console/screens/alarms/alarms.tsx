import { Head, Tabs } from '../../components/index.ts';
import { AlarmList } from './alarm-list.tsx';
import { Lanes } from './lanes.tsx';
import { Silences } from './silences.tsx';
import { w } from './words.ts';

/** What is wrong or was, who is told of it how, and of what nobody is told for a while. */
export function Screen() {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs
        label={w.title}
        tabs={[
          { name: 'open', title: w.open, content: () => <AlarmList state="open" /> },
          { name: 'over', title: w.past, content: () => <AlarmList state="over" /> },
          { name: 'lanes', title: w.lanes, content: () => <Lanes /> },
          { name: 'silences', title: w.silences, content: () => <Silences /> },
        ]}
      />
    </div>
  );
}
