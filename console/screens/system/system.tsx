import { Card, Code, Head, Loaded, type Tab, Tabs } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { Backups } from './backups.tsx';
import { Health } from './health.tsx';
import { w } from './words.ts';

/** The process, its health, backups and config. */
export function Screen() {
  const tabs: Tab[] = [
    { name: 'health', title: w.health, content: () => <Health /> },
    { name: 'backups', title: w.backups, content: () => <Backups /> },
  ];
  if (may('admin')) tabs.push({ name: 'config', title: w.config, content: () => <ConfigText /> });
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Tabs label={w.title} tabs={tabs} />
    </div>
  );
}

function ConfigText() {
  const config = useResource('/config');
  return (
    <Card>
      <p class="faint small">{w.configAbout}</p>
      <Loaded of={config}>
        {({ config: shown }) => <Code text={JSON.stringify(shown, null, 2)} name={w.config} />}
      </Loaded>
    </Card>
  );
}
