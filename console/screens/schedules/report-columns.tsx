import './report-columns.css';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Check, Choice, Icon, Line } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import type { ColumnDraft } from './report-draft.ts';
import { fw } from './report-words.ts';
import { terms, w } from './words.ts';

const most = 20;

/** The columns of a table as rows, in their order: what is shown, and how. */
export function ReportColumns(props: {
  columns: readonly ColumnDraft[];
  change: (columns: readonly ColumnDraft[]) => void;
  fault: (field: string) => string | undefined;
  /** What the source was seen to have. */
  known: readonly string[];
}) {
  const { columns, change, fault, known } = props;
  const list = useRef<HTMLFieldSetElement>(null);
  // A button that moved, or went with its row, must not leave the keyboard nowhere.
  const next = useRef('');
  useLayoutEffect(() => {
    if (next.current === '') return;
    list.current?.querySelector<HTMLElement>(next.current)?.focus();
    next.current = '';
  });
  const put = (order: readonly ColumnDraft[], focus: string): void => {
    next.current = focus;
    change(order);
  };
  const move = (from: number, to: number): void => {
    const order = [...columns];
    order.splice(to, 0, ...order.splice(from, 1));
    const end = to === 0 ? 1 : to === order.length - 1 ? 0 : from < to ? 1 : 0;
    put(order, `[data-at="${to}"] .row button:nth-child(${end + 1})`);
  };
  const remove = (at: number): void => {
    const rest = columns.filter((_one, index) => index !== at);
    const near = `[data-at="${Math.min(at, rest.length - 1)}"] .row button:last-child`;
    put(rest, rest.length === 0 ? '.add' : near);
  };
  return (
    <fieldset class="columns" ref={list}>
      <legend>{w.columns}</legend>
      {columns.length === 0 && <p class="faint small">{fw.columnsHint}</p>}
      {columns.map((one, at) => {
        const name = fw.column(String(at + 1));
        const set = (field: keyof ColumnDraft, value: string | boolean): void => {
          const after = { ...one, [field]: value || undefined };
          change(columns.map((other) => (other === one ? after : other)));
        };
        const pick = <F extends 'kind' | 'align' | 'show'>(
          field: F,
          label: string,
          words: Record<NonNullable<ColumnDraft[F]>, string>,
        ) => (
          <Choice
            label={label}
            value={one[field] ?? ''}
            options={[['', fw.auto], ...Object.entries<string>(words)]}
            set={(value) => set(field, value)}
          />
        );
        const line = (field: 'key' | 'label' | 'decimals', label: string) => (
          <Line
            label={label}
            required={field === 'key'}
            error={fault(`columns[${at}].${field}`)}
            value={String(one[field] ?? '')}
            set={(value) => set(field, value)}
            {...(field === 'key' && { proposals: known })}
            {...(field === 'decimals' && { inputMode: 'numeric' })}
          />
        );
        return (
          <fieldset class="columns" key={one.id} data-at={at}>
            <legend>{name}</legend>
            <div class="fields">
              {line('key', fw.key)}
              {line('label', fw.label)}
              {pick('kind', fw.format, {
                ...{ text: terms.text, number: fw.number, percent: fw.percent, delta: fw.delta },
                ...{ date: fw.date, bar: fw.bar },
              })}
              {pick('align', fw.align, { left: fw.left, center: fw.center, right: fw.right })}
              {(one.decimals !== undefined || !['text', 'date'].includes(one.kind ?? '')) &&
                line('decimals', fw.decimals)}
              {(one.show !== undefined || one.kind === 'date') &&
                pick('show', fw.show, { date: fw.date, time: fw.time, datetime: fw.datetime })}
            </div>
            <div class="row apart">
              <span>
                {(one.percent !== undefined || one.kind === 'delta') && (
                  <Check
                    label={fw.asPercent}
                    checked={one.percent === true}
                    onChange={(on) => set('percent', on)}
                  />
                )}
              </span>
              <span class="row">
                {([-1, 1] as const).map((step) => (
                  <button
                    key={step}
                    type="button"
                    class="quiet icon-only"
                    aria-label={`${step < 0 ? fw.up : fw.down} ${name}`}
                    disabled={columns[at + step] === undefined}
                    onClick={() => move(at, at + step)}
                  >
                    {step < 0 ? '↑' : '↓'}
                  </button>
                ))}
                <button
                  type="button"
                  class="quiet icon-only"
                  aria-label={`${common.remove} ${name}`}
                  onClick={() => remove(at)}
                >
                  <Icon name="trash" />
                </button>
              </span>
            </div>
          </fieldset>
        );
      })}
      {columns.length < most && (
        <p>
          <button
            type="button"
            class="add"
            onClick={() => {
              const id = Math.max(-1, ...columns.map((one) => one.id)) + 1;
              put([...columns, { id, key: '' }], `[data-at="${columns.length}"] input`);
            }}
          >
            {fw.addColumn}
          </button>
        </p>
      )}
    </fieldset>
  );
}
