import { Field } from './form.tsx';

/** A line of text with its label. */
export function Line(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: string;
  error?: string | undefined;
  required?: boolean;
  type?: 'text' | 'password' | 'search';
  inputMode?: 'numeric' | 'url';
  autocomplete?: 'off' | 'new-password' | 'current-password' | 'one-time-code';
  maxLength?: number;
}) {
  const { label, value, set, hint, error, required = false, type = 'text', ...more } = props;
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {(own) => (
        <input
          {...own}
          {...more}
          // The library's types know each type of input apart, and no choice of them.
          type={type as 'text'}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Several lines of text with their label. */
export function Area(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  rows: number;
  hint?: string;
  error?: string | undefined;
  required?: boolean;
  maxLength?: number;
}) {
  const { label, value, set, hint, error, required = false, ...more } = props;
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {(own) => (
        <textarea
          {...own}
          {...more}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of several, with its label. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  set: (value: T) => void;
  hint?: string;
}) {
  const { label, value, options, set, hint } = props;
  return (
    <Field label={label} hint={hint}>
      {(own) => (
        <select
          {...own}
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
