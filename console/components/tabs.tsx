import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { place, setQuery } from '../router.ts';

export interface Tab {
  name: string;
  title: string;
  content: () => ComponentChildren;
}

/** Tabs whose choice is in the address (`?tab=`): arrow keys move between them. */
export function Tabs({
  tabs,
  label,
  field = 'tab',
}: {
  tabs: readonly Tab[];
  label: string;
  field?: string;
}) {
  const id = useId();
  const wanted = place.value.query.get(field);
  const open = tabs.find((one) => one.name === wanted) ?? tabs[0];
  const choose = (name: string): void => {
    setQuery({ [field]: name === tabs[0]?.name ? undefined : name });
    requestAnimationFrame(() => document.getElementById(`${id}-${name}`)?.focus());
  };
  // On a phone the one that is open may be out of sight. The list is moved, not the page: showing an
  // element would make it the place from which the keyboard goes on.
  useEffect(() => {
    const tab = document.getElementById(`${id}-${open?.name}`);
    const list = tab?.parentElement;
    if (tab == null || list == null) return;
    const end = tab.offsetLeft - list.offsetLeft + tab.offsetWidth;
    if (end > list.scrollLeft + list.clientWidth) list.scrollLeft = end - list.clientWidth;
    else if (tab.offsetLeft - list.offsetLeft < list.scrollLeft) {
      list.scrollLeft = tab.offsetLeft - list.offsetLeft;
    }
  }, [open?.name]);
  const onKey = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((one) => one.name === open?.name);
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: -1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const tab = tabs.at(next % tabs.length);
    if (tab !== undefined) choose(tab.name);
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} onKeyDown={onKey}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === open?.name}
            aria-controls={`${id}-panel`}
            tabIndex={name === open?.name ? 0 : -1}
            onClick={() => choose(name)}
          >
            {title}
          </button>
        ))}
      </div>
      {open !== undefined && (
        <div
          role="tabpanel"
          id={`${id}-panel`}
          aria-labelledby={`${id}-${open.name}`}
          key={open.name}
          class="tab-panel"
        >
          {open.content()}
        </div>
      )}
    </div>
  );
}
