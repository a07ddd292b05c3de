import { Card, PagedTable, usePages } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { w } from './words.ts';

export function Contacts({ botcode }: { botcode: string }) {
  const pages = usePages();
  const contacts = useResource('/bots/{botcode}/contacts', {
    params: { botcode },
    query: { cursor: pages.cursor },
  });
  return (
    <Card title={w.contacts} flush>
      <PagedTable
        of={contacts}
        pages={pages}
        name={w.contacts}
        keyOf={(one) => one.id}
        empty={w.noContacts}
        columns={[
          { title: w.name, cell: (one) => one.name },
          { title: w.alias, cell: (one) => one.alias ?? '–' },
          { title: w.id, cell: (one) => <span class="mono small break">{one.id}</span> },
        ]}
      />
    </Card>
  );
}
