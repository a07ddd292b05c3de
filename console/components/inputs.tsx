import { useEffect, useState } from 'preact/hooks';
import { Field } from './form.tsx';

/** What each labelled control may be told. */
interface Labelled {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  /** Its label is for screen readers only. */
  bare?: boolean;
}

/** A line of text with its label. */
export function Line(
  props: Labelled & {
    value: string;
    set: (value: string) => void;
    type?: 'text' | 'password' | 'search' | 'number' | 'datetime-local';
    name?: string;
    placeholder?: string;
    autofocus?: boolean;
    inputMode?: 'numeric' | 'url';
    autocomplete?: 'off' | 'username' | 'new-password' | 'current-password' | 'one-time-code';
    maxLength?: number;
    min?: number;
    max?: number;
    /** What may be written; anything else is possible too. */
    proposals?: readonly string[];
  },
) {
  const { label, hint, error, required, bare, ...control } = props;
  const { value, set, type = 'text', proposals, ...more } = control;
  return (
    <Field label={label} hint={hint} error={error} required={required} bare={bare}>
      {(own) => (
        <>
          <input
            {...own}
            {...more}
            // The library's types know each type of input apart, and no choice of them.
            type={type as 'text'}
            list={proposals && `${own.id}-proposals`}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
          {proposals && (
            <datalist id={`${own.id}-proposals`}>
              {proposals.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

/** A line that is taken when it is complete (Enter, or left), since each letter would load anew. */
export function Search(props: { label: string; value: string; set: (value: string) => void }) {
  const { label, value, set } = props;
  // Its list comes anew at any moment: what is being typed would be taken back to what is looked for.
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <Field label={label}>
      {(own) => (
        <input
          {...own}
          type="search"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Several lines of text with their label. */
export function Area(
  props: Labelled & {
    value: string;
    set: (value: string) => void;
    rows?: number;
    maxLength?: number;
    placeholder?: string;
    /** What is written is for a machine. */
    code?: boolean;
  },
) {
  const { label, hint, error, required, bare, value, set, code, ...more } = props;
  return (
    <Field label={label} hint={hint} error={error} required={required} bare={bare}>
      {(own) => (
        <textarea
          {...own}
          {...more}
          {...(code === true && { class: 'mono', spellcheck: false })}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of several, with its label. */
export function Choice<T extends string>(
  props: Labelled & {
    /** Empty while nothing is chosen. */
    value: T | '';
    options: readonly (readonly [T, string])[];
    set: (value: T) => void;
    disabled?: boolean;
  },
) {
  const { label, hint, error, required, bare, value, options, set, disabled } = props;
  return (
    <Field label={label} hint={hint} error={error} required={required} bare={bare}>
      {(own) => (
        <select
          {...own}
          disabled={disabled}
          value={value}
          onChange={(event) => {
            const wanted = event.currentTarget.value;
            const found = options.find(([name]) => name === wanted);
            if (found !== undefined) set(found[0]);
          }}
        >
          {options.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
