import { effect, signal } from '@preact/signals';
import { path } from '../router.ts';
import { common } from '../words/common.ts';
import { faultOf } from './fault-of.ts';
import { Icon } from './icon.tsx';

interface Note {
  id: number;
  kind: 'good' | 'bad';
  text: string;
}

/** Bad news has to be read: it stays longer, and as long as somebody points at it. */
const shownMs = { good: 4000, bad: 15_000 };

const notes = signal<readonly Note[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();
let last = 0;

/** Dialogs that are open, the topmost last: what is outside of it can be neither clicked nor heard. */
const dialogs = signal<readonly string[]>([]);

// What failed on one screen says nothing on the next one.
effect(() => {
  if (path.value !== undefined) notes.value = notes.peek().filter(({ kind }) => kind === 'good');
});

/** Tells the outcome of what somebody did. */
export function toast(text: string, kind: Note['kind'] = 'good'): void {
  last += 1;
  const note = { id: last, kind, text };
  notes.value = [...notes.value.slice(-3), note];
  leaveLater(note);
}

/** Tells why something failed. */
export function toastError(error: unknown): void {
  toast(faultOf(error).message, 'bad');
}

/** While a dialog is open, what is told is told in it. @returns ends that */
export function tellIn(dialog: string): () => void {
  dialogs.value = [...dialogs.value, dialog];
  letLeave();
  return () => {
    dialogs.value = dialogs.value.filter((one) => one !== dialog);
    letLeave();
  };
}

/** Where outcomes are told: one on the page, one in each dialog. */
export function Toasts({ dialog }: { dialog?: string }) {
  const here = dialogs.value.at(-1) === dialog ? notes.value : [];
  // Both are always there: readers say what comes into a region, not one that comes with its words.
  return (
    <div class="toasts">
      <div role="status" class="toast-list">
        {here.filter(({ kind }) => kind === 'good').map(row)}
      </div>
      <div role="alert" class="toast-list">
        {here.filter(({ kind }) => kind === 'bad').map(row)}
      </div>
    </div>
  );
}

function row(note: Note) {
  const { id, kind, text } = note;
  return (
    <div
      class={`toast ${kind}`}
      key={id}
      onPointerEnter={() => stay(id)}
      onPointerLeave={() => leaveLater(note)}
      onFocusIn={() => stay(id)}
      onFocusOut={() => leaveLater(note)}
    >
      <Icon name={kind === 'good' ? 'check' : 'warn'} />
      <span>{text}</span>
      <button
        type="button"
        class="quiet icon-only"
        aria-label={common.close}
        onClick={() => drop(id)}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

function leaveLater({ id, kind }: Note): void {
  stay(id);
  timers.set(
    id,
    setTimeout(() => drop(id), shownMs[kind]),
  );
}

/** They stand elsewhere now, and no pointer leaves what it was on. */
function letLeave(): void {
  for (const note of notes.peek()) if (!timers.has(note.id)) leaveLater(note);
}

function stay(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

function drop(id: number): void {
  stay(id);
  notes.value = notes.value.filter((one) => one.id !== id);
}
