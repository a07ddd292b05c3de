import { useEffect, useState } from 'preact/hooks';
import { common } from '../words/common.ts';
import { Icon } from './icon.tsx';

/** Where somebody is in a list of pages: cursors of the pages before, and of this one. */
export interface Pages {
  cursor: string | undefined;
  index: number;
  forward: (next: string) => void;
  backward: () => void;
  first: () => void;
}

/** @param filter what the list is of: with another filter it begins anew */
export function usePages(filter = ''): Pages {
  const [trail, setTrail] = useState<readonly string[]>([]);
  useEffect(() => setTrail([]), [filter]);
  return {
    cursor: trail.at(-1),
    index: trail.length,
    forward: (next) => setTrail([...trail, next]),
    backward: () => setTrail(trail.slice(0, -1)),
    first: () => setTrail([]),
  };
}

/** Nothing where one page holds all. */
export function Pager({ pages, next }: { pages: Pages; next: string | null | undefined }) {
  if (pages.index === 0 && next == null) return null;
  return (
    <nav class="pager" aria-label={common.page}>
      <button type="button" disabled={pages.index === 0} onClick={pages.backward}>
        <Icon name="left" />
        {common.newer}
      </button>
      <span class="faint">{pages.index + 1}</span>
      <button
        type="button"
        disabled={next === null}
        onClick={() => next != null && pages.forward(next)}
      >
        {common.older}
        <Icon name="right" />
      </button>
    </nav>
  );
}
