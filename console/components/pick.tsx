import { useState } from 'preact/hooks';
import { may } from '../session.ts';
import { common } from '../words/common.ts';
import { Check } from './form.tsx';
import type { Column } from './table.tsx';

/**
 * Which rows of a page are picked, to do something with many at once: a column of boxes, and a box
 * for all of them. Whoever may do nothing gets neither.
 */
export function usePick<T>(rows: readonly T[] = [], nameOf: (row: T) => string) {
  const [names, setNames] = useState<readonly string[]>([]);
  // What has left the page is not picked, though its name is still known.
  const picked = rows.filter((row) => names.includes(nameOf(row)));
  const column: Column<T> = {
    title: common.pick,
    narrow: true,
    cell: (row) => {
      const name = nameOf(row);
      return (
        <input
          type="checkbox"
          aria-label={`${common.pick} ${name}`}
          checked={names.includes(name)}
          onChange={({ currentTarget }) =>
            setNames([
              ...names.filter((one) => one !== name),
              ...(currentTarget.checked ? [name] : []),
            ])
          }
        />
      );
    },
  };
  const offered = may('operator') && rows.length > 0;
  return {
    picked,
    columns: may('operator') ? [column] : [],
    all: offered && (
      <Check
        label={common.pickAll(String(picked.length))}
        checked={picked.length === rows.length}
        onChange={(on) => setNames(on ? rows.map(nameOf) : [])}
      />
    ),
  };
}
