import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { common } from '../words/common.ts';
import { Icon } from './icon.tsx';
import { Toasts, tellIn } from './toast.tsx';

/**
 * A modal on the browser's own <dialog>: focus stays in it, Escape closes it, focus goes back to
 * where it came from. Render it while it is open: `{open && <Dialog …/>}`.
 */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** Buttons at the foot. */
  foot?: ComponentChildren;
  wide?: boolean;
}) {
  const { title, onClose, children, foot, wide } = props;
  const own = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = own.current;
    dialog?.showModal();
    const done = tellIn(id);
    return () => {
      done();
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [id]);
  return (
    <dialog
      ref={own}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        // A chooser of files that is closed says so too, and it comes up to here.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="quiet icon-only" aria-label={common.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {/* Long ones scroll, and whoever has no mouse scrolls them by keys. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus */}
      <div class="dialog-body" tabIndex={0} role="group" aria-labelledby={id}>
        {children}
      </div>
      {foot !== undefined && <footer>{foot}</footer>}
      <Toasts dialog={id} />
    </dialog>
  );
}
