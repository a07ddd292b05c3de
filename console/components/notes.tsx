import type { ComponentChildren } from 'preact';
import type { Fault } from '../api.ts';
import type { Resource } from '../resource.ts';
import { common } from '../words/common.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle';

/** A state in a word. The dot repeats what the word says: colour is never alone. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span class="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

/** Something to know before reading on. */
export function Note(props: {
  tone: Tone;
  children: ComponentChildren;
  action?: ComponentChildren;
}) {
  const { tone, children, action } = props;
  const icons: Record<Tone, IconName> = {
    good: 'check',
    warn: 'warn',
    bad: 'warn',
    info: 'info',
    idle: 'info',
  };
  return (
    <div class={`note ${tone}`}>
      <Icon name={icons[tone]} />
      <div class="note-text">{children}</div>
      {action}
    </div>
  );
}

export function ErrorNote({ error, retry }: { error: Fault; retry?: () => void }) {
  return (
    <div role="alert">
      <Note
        tone="bad"
        action={
          retry && (
            <button type="button" onClick={retry}>
              {common.retry}
            </button>
          )
        }
      >
        {error.message}
      </Note>
    </div>
  );
}

/** What is said where a list has nothing to show. */
export function Empty({
  children,
  icon = 'info',
}: {
  children?: ComponentChildren;
  icon?: IconName;
}) {
  return (
    <div class="empty">
      <Icon name={icon} size={22} />
      <p>{children ?? common.nothing}</p>
    </div>
  );
}

/** What of a resource is there: loading, failed, or its content, marked when it is old. */
export function Loaded<T>(props: { of: Resource<T>; children: (data: T) => ComponentChildren }) {
  const { of, children } = props;
  if (of.data === undefined) {
    if (of.error !== undefined) return <ErrorNote error={of.error} retry={of.reload} />;
    return (
      <p class="loading" role="status">
        {common.loading}
      </p>
    );
  }
  return (
    <>
      {of.stale && of.error !== undefined && (
        <Note
          tone="warn"
          action={
            <button type="button" onClick={of.reload}>
              {common.retry}
            </button>
          }
        >
          {common.stale}: {of.error.message}
        </Note>
      )}
      {children(of.data)}
    </>
  );
}
