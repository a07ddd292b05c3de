import type { ComponentChildren } from 'preact';
import { common } from '../words/common.ts';
import { Empty } from './notes.tsx';

export interface Column<T> {
  /** Head of the column; on a phone the name before the value. Empty: actions. */
  title: string;
  cell: (row: T) => ComponentChildren;
  align?: 'end';
  /** As narrow as it can be. */
  narrow?: boolean;
  /** Left out on a phone. */
  wideOnly?: boolean;
}

/**
 * Rows in columns; on a phone each row is a card of its own. `name` tells screen readers what the
 * table is of.
 */
export function Table<T>(props: {
  name: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  empty?: ComponentChildren;
  /** Marks a row, e.g. the one whose details are open. */
  marked?: (row: T) => boolean;
}) {
  const { name, columns, rows, keyOf, empty, marked } = props;
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus
    <div class="table-scroll" tabIndex={0} role="group" aria-label={name}>
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ title, align, narrow, wideOnly }) => (
              <th key={title} scope="col" class={classOf(align, narrow, wideOnly)}>
                {title === '' ? <span class="for-ears">{common.actions}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={marked?.(row) ? 'marked' : undefined}>
              {columns.map(({ title, cell, align, narrow, wideOnly }) => (
                <td key={title} data-title={title} class={classOf(align, narrow, wideOnly)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf(align: 'end' | undefined, narrow?: boolean, wideOnly?: boolean): string {
  return [align === 'end' && 'end', narrow && 'narrow', wideOnly && 'wide-only']
    .filter(Boolean)
    .join(' ');
}
