import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { common } from '../words/common.ts';
import { Icon } from './icon.tsx';
import { confirm } from './question.ts';
import { Toasts, tellIn } from './toast.tsx';

const fields = 'input, select, textarea';

/**
 * A modal on the browser's own <dialog>: focus begins at its first field, stays in it, and goes back
 * to where it came from; Escape closes it, and asks where something was typed. Render it while it is
 * open: `{open && <Dialog …/>}`.
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
  const touched = useRef(false);
  const id = useId();
  const leave = async (): Promise<void> => {
    // What was sent leaves no form behind.
    const loses = touched.current && own.current?.querySelector('form') != null;
    const ask = { title: common.discardAsk, yes: common.discard, danger: true };
    if (!loses || (await confirm(ask))) onClose();
  };
  // At once: what is drawn before would be seen, and touched, without it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = own.current;
    dialog?.showModal();
    // Not the cross at the top: a question begins with its no, what is read with what is read.
    const first = ['[autofocus]', `.dialog-body :is(${fields})`, 'footer button', '.dialog-body']
      .map((one) => dialog?.querySelector<HTMLElement>(one))
      .find((one) => one != null);
    first?.focus();
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
      onInput={() => {
        touched.current = true;
      }}
      onKeyDown={(event) => {
        // A browser lets a page object to its own way of closing once only.
        if (event.key !== 'Escape') return;
        event.preventDefault();
        void leave();
      }}
      onCancel={(event) => {
        // A chooser of files that is closed says so too, and it comes up to here.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        void leave();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          class="quiet icon-only"
          aria-label={common.close}
          onClick={() => void leave()}
        >
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
