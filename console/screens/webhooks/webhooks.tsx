import { Head, Tabs } from '../../components/index.ts';
import { DeliveryList } from './delivery-list.tsx';
import { Receivers } from './receivers.tsx';
import { w } from './words.ts';

/** Receivers of channels, and every delivery. */
export function Screen() {
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs
        label={w.title}
        tabs={[
          { name: 'receivers', title: w.receivers, content: () => <Receivers /> },
          { name: 'deliveries', title: w.deliveries, content: () => <DeliveryList /> },
        ]}
      />
    </div>
  );
}
