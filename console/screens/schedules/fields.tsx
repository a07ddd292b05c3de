import { Field } from '../../components/index.ts';

/** A line of text with its label. */
export function Line(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: string;
  error?: string | undefined;
  required?: boolean;
}) {
  const { label, value, set, hint, error, required = false } = props;
  return (
    <Field label={label} hint={hint} error={error} required={required}>
      {(own) => (
        <input {...own} value={value} onInput={(event) => set(event.currentTarget.value)} />
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
}) {
  const { label, value, options, set } = props;
  return (
    <Field label={label}>
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
