import { Head, Tabs } from '../../components/index.ts';
import { Examples } from './examples.tsx';
import { Later } from './later.tsx';
import { Reports } from './reports.tsx';
import { Runs } from './runs.tsx';
import { w } from './words.ts';

/** Reports on schedule, what became of them, and single sends for later. */
export function Screen() {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs
        label={w.title}
        tabs={[
          { name: 'reports', title: w.reports, content: () => <Reports /> },
          { name: 'runs', title: w.runs, content: () => <Runs /> },
          { name: 'sends', title: w.later, content: () => <Later /> },
          { name: 'examples', title: w.examples, content: () => <Examples /> },
        ]}
      />
    </div>
  );
}
