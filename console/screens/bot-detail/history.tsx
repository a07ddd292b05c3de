import { Badge, Card, Loaded, Moment, Table } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { common } from '../../words/common.ts';
import { botTones, botWords } from '../../words/states.ts';
import { w } from './words.ts';

/** What the bot went through: log-ins, and why it was away. */
export function History({ botcode }: { botcode: string }) {
  const history = useResource('/bots/{botcode}/history', {
    params: { botcode },
    topics: ['bots'],
    concerns: ({ id }) => id === botcode,
  });
  return (
    <Card title={w.history} flush tools={<span class="faint small">{w.historyAbout}</span>}>
      <Loaded of={history}>
        {({ items }) => (
          <Table
            name={w.history}
            rows={items.map((one, index) => ({ ...one, key: items.length - index }))}
            keyOf={(one) => one.key}
            empty={w.noHistory}
            columns={[
              { title: common.time, narrow: true, cell: (one) => <Moment at={one.at} /> },
              {
                title: common.state,
                narrow: true,
                cell: (one) => <Badge tone={botTones[one.state]}>{botWords[one.state]}</Badge>,
              },
              { title: w.account, cell: (one) => one.account ?? '–' },
              { title: w.reason, cell: (one) => one.reason ?? '–' },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
