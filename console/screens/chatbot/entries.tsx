import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  Choice,
  type Column,
  Icon,
  PagedTable,
  Search,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { EntryForm } from './entry-form.tsx';
import { ImportForm } from './import-form.tsx';
import { w } from './words.ts';

export type Entry = Item<'/chatbot/kb/entries'>;

/** Entries of the knowledge bases, to be read and changed. */
export function Entries() {
  const { query } = place.value;
  const kb = query.get('kb') ?? undefined;
  const text = query.get('text') ?? undefined;
  const [open, setOpen] = useState<Entry | 'new' | 'import' | undefined>(undefined);
  const pages = usePages(`${kb} ${text}`);
  const bases = useResource('/chatbot/kb');
  const entries = useResource('/chatbot/kb/entries', {
    query: {
      ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }),
      ...(kb !== undefined && { kb }),
      ...(text !== undefined && { text }),
    },
  });
  const known = (bases.data?.items ?? []).map(
    ({ kb, entries }) => [kb, `${kb} (${entries})`] as const,
  );
  const reload = (): void => {
    entries.reload();
    bases.reload();
  };
  const close = (): void => setOpen(undefined);
  const columns: Column<Entry>[] = [
    { title: '#', narrow: true, cell: (one) => one.id },
    {
      title: w.entryTitle,
      roomy: true,
      cell: (one) => (
        <>
          {one.title}
          <div class="faint small clamp">{one.answer}</div>
        </>
      ),
    },
    { title: w.kb, narrow: true, cell: (one) => one.kb },
    {
      title: w.otherWays,
      narrow: true,
      wideOnly: true,
      cell: (one) => w.phraseCount(String(one.phrases.length)),
    },
    { title: w.hitsCount, narrow: true, align: 'end', cell: (one) => one.hits },
    {
      title: common.state,
      narrow: true,
      cell: (one) => (
        <Badge tone={one.enabled ? 'good' : 'idle'}>{one.enabled ? w.enabled : w.disabled}</Badge>
      ),
    },
    {
      title: '',
      narrow: true,
      cell: (one) => (
        <div class="row">
          {may('operator') && (
            <button type="button" onClick={() => setOpen(one)}>
              {common.edit}
            </button>
          )}
          <Action
            kind="quiet"
            icon="trash"
            label={`${common.remove} #${one.id}`}
            run={() => api.del('/chatbot/kb/entries/{id}', { params: { id: one.id } })}
            ask={{ title: w.removeEntryAsk, text: w.removeEntryText, danger: true }}
            then={reload}
          >
            {''}
          </Action>
        </div>
      ),
    },
  ];
  return (
    <Card flush>
      <div class="filters">
        <Choice
          label={w.kb}
          value={kb ?? ''}
          options={[['', common.all], ...known]}
          set={(kb) => setQuery({ kb })}
        />
        <Search label={w.search} value={text ?? ''} set={(text) => setQuery({ text })} />
        {may('operator') && (
          <div class="row">
            <button type="button" class="primary" onClick={() => setOpen('new')}>
              <Icon name="plus" />
              {w.newEntry}
            </button>
            <button type="button" onClick={() => setOpen('import')}>
              {w.importTitle}
            </button>
          </div>
        )}
      </div>
      <PagedTable
        of={entries}
        pages={pages}
        name={w.entries}
        columns={columns}
        keyOf={(one) => one.id}
        empty={w.noEntries}
      />
      {open === 'import' && <ImportForm onClose={close} onDone={reload} />}
      {open !== undefined && open !== 'import' && (
        <EntryForm entry={open === 'new' ? undefined : open} onClose={close} onDone={reload} />
      )}
    </Card>
  );
}
