import type { ComponentChildren, TargetedEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Fault } from '../api.ts';
import { common } from '../words/common.ts';
import { faultOf } from './fault-of.ts';
import { ErrorNote } from './notes.tsx';

/**
 * A labelled control: `<Field label="…">{(own) => <input {...own} …/>}</Field>`. `error` is read
 * with the control by screen readers.
 */
export function Field(props: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean | undefined;
  /** Its label is for screen readers only. */
  bare?: boolean | undefined;
  children: (own: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
    required: boolean;
  }) => ComponentChildren;
}) {
  const { label, hint, error, required = false, bare, children } = props;
  const id = useId();
  const notes = hint !== undefined || error !== undefined;
  return (
    <div class="field">
      <label for={id} class={bare ? 'for-ears' : undefined}>
        {label}
        {required && (
          <span class="required" title={common.required} aria-hidden="true">
            {' *'}
          </span>
        )}
      </label>
      {children({
        id,
        'aria-describedby': notes ? `${id}-notes` : undefined,
        'aria-invalid': error !== undefined || undefined,
        required,
      })}
      {notes && (
        <div id={`${id}-notes`} class="field-notes">
          {error !== undefined && <span class="field-error">{error}</span>}
          {hint !== undefined && <span>{hint}</span>}
        </div>
      )}
    </div>
  );
}

/** A checkbox with its words. */
export function Check(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const { label, checked, onChange, disabled } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

/**
 * A form that is sent once at a time. What the daemon refuses is shown at its field (`fault`) when
 * the refusal names one, else at the foot.
 */
export function Form(props: {
  submit: () => Promise<unknown>;
  /** Word on the button. */
  action: string;
  children: (fault: (field: string) => string | undefined) => ComponentChildren;
  /** Names of fields that show their own fault. */
  fields?: readonly string[];
  onDone?: () => void;
  onCancel?: () => void;
  disabled?: boolean;
}) {
  const { submit, action, children, fields = [], onDone, onCancel, disabled } = props;
  const [busy, setBusy] = useState(false);
  // Known at once; the state is known after the next rendering, and a second click may come before.
  const running = useRef(false);
  const [error, setError] = useState<Fault | undefined>(undefined);
  const own = useRef<HTMLFormElement>(null);
  // Whoever does not see the field is led to it, and hears why.
  useEffect(() => own.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [error]);
  const send = async (event: TargetedEvent<HTMLFormElement, Event>): Promise<void> => {
    event.preventDefault();
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await submit();
      onDone?.();
    } catch (failure) {
      setError(faultOf(failure));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  const at = error?.field ?? '';
  // A fault within a field, such as `targets[2].botcode`, stands at that field.
  const isAt = (field: string): boolean =>
    at.startsWith(field) && ['', '.', '['].includes(at.charAt(field.length));
  const shownAtField = fields.some(isAt);
  return (
    <form class="form" ref={own} onSubmit={(event) => void send(event)}>
      {children((field) => (isAt(field) ? error?.message : undefined))}
      {error !== undefined && !shownAtField && <ErrorNote error={error} />}
      <div class="form-foot">
        {onCancel !== undefined && (
          <button type="button" onClick={onCancel}>
            {common.cancel}
          </button>
        )}
        <button type="submit" class="primary" disabled={disabled} aria-busy={busy}>
          {action}
        </button>
      </div>
    </form>
  );
}
