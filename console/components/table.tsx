import type { ComponentChildren } from 'preact';
import { common } from '../words/common.ts';
import { Empty } from './notes.tsx';

export interface Column<T> {
  /** Head of the column; on a phone the name before the value. Empty: actions. */
  title: string;
  cell: (row: T) => ComponentChildren;
  align?: 'end';
  /** As narrow as it can be: in one line, unless it is longer than a name should be. */
  narrow?: boolean;
  /** Sentences: it never gets as narrow as a word. */
  roomy?: boolean;
  /** Left out on a phone. */
  wideOnly?: boolean;
}

export interface TableProps<T> {
  name: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  empty?: ComponentChildren;
  /** Marks a row, e.g. the one whose details are open. */
  marked?: (row: T) => boolean;
}

/**
 * Rows in columns; on a phone each row is a card of its own. `name` tells screen readers what the
 * table is of.
 */
export function Table<T>(props: TableProps<T>) {
  const { name, columns, rows, keyOf, empty, marked } = props;
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus
    <div class="table-scroll" tabIndex={0} role="group" aria-label={name}>
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ title, ...looks }) => (
              <th key={title} scope="col" class={classOf(looks)}>
                {title === '' ? <span class="for-ears">{common.actions}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={marked?.(row) ? 'marked' : undefined}>
              {columns.map(({ title, cell, ...looks }) => (
                <td key={title} data-title={title} class={classOf(looks)}>
                  <div class={looks.narrow && title !== '' ? 'snug' : undefined}>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Looks = Pick<Column<never>, 'align' | 'narrow' | 'roomy' | 'wideOnly'>;

function classOf({ align, narrow, roomy, wideOnly }: Looks): string {
  return [align === 'end' && 'end', narrow && 'narrow', roomy && 'roomy', wideOnly && 'wide-only']
    .filter(Boolean)
    .join(' ');
}
