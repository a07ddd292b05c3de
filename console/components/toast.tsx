import { signal } from '@preact/signals';
import { ApiError } from '../api.ts';
import { common } from '../words/common.ts';
import { Icon } from './icon.tsx';

interface Note {
  id: number;
  kind: 'good' | 'bad';
  text: string;
}

const notes = signal<readonly Note[]>([]);
let last = 0;

/** Tells the outcome of what somebody did. Bad news stays until it is closed. */
export function toast(text: string, kind: Note['kind'] = 'good'): void {
  last += 1;
  const id = last;
  notes.value = [...notes.value.slice(-3), { id, kind, text }];
  if (kind === 'good') setTimeout(() => drop(id), 4000);
}

/** Tells why something failed. */
export function toastError(error: unknown): void {
  toast(error instanceof ApiError ? error.message : common.failed, 'bad');
  if (!(error instanceof ApiError)) console.error(error);
}

function drop(id: number): void {
  notes.value = notes.value.filter((one) => one.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts">
      <div role="status" class="toast-list">
        {notes.value.filter(({ kind }) => kind === 'good').map(row)}
      </div>
      <div role="alert" class="toast-list">
        {notes.value.filter(({ kind }) => kind === 'bad').map(row)}
      </div>
    </div>
  );
}

function row({ id, kind, text }: Note) {
  return (
    <div class={`toast ${kind}`} key={id}>
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
