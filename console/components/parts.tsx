import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { dateTime, relative } from '../format.ts';
import { now } from '../now.ts';
import { common } from '../words/common.ts';
import { Icon, type IconName } from './icon.tsx';

/** Head of a screen: what it is, and what can be done there. */
export function Head(props: { title: string; about?: string; children?: ComponentChildren }) {
  const { title, about, children } = props;
  return (
    <header class="head">
      <div>
        <h1>{title}</h1>
        {about !== undefined && <p class="faint">{about}</p>}
      </div>
      {children !== undefined && <div class="row">{children}</div>}
    </header>
  );
}

/** A block with a title of its own. */
export function Card(props: {
  title?: string;
  icon?: IconName;
  /** At the end of the title's line. */
  tools?: ComponentChildren;
  children: ComponentChildren;
  /** Its content reaches to its edges (tables). */
  flush?: boolean;
}) {
  const { title, icon, tools, children, flush } = props;
  const id = useId();
  return (
    <section class={flush ? 'card flush' : 'card'} aria-labelledby={title && id}>
      {title !== undefined && (
        <header>
          <h2 id={id}>
            {icon !== undefined && <Icon name={icon} />}
            {title}
          </h2>
          {tools !== undefined && <div class="row">{tools}</div>}
        </header>
      )}
      <div class="card-body">{children}</div>
    </section>
  );
}

/** A moment as how long ago, with the exact time in its title. */
export function TimeAgo({ at }: { at: number | null | undefined }) {
  if (at == null) return <span class="faint">{common.never}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTime(at)}>
      {relative(at, now.value)}
    </time>
  );
}

/** A moment exactly. */
export function Moment({ at }: { at: number | null | undefined }) {
  if (at == null) return <span class="faint">–</span>;
  return (
    <time class="number" dateTime={new Date(at).toISOString()}>
      {dateTime(at)}
    </time>
  );
}

/** Names and what they stand for. */
export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Text for machines, to be copied. */
export function Code({ text, name }: { text: string; name?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus */}
      <pre tabIndex={0} role="group" aria-label={name ?? common.details}>
        {text}
      </pre>
      <button
        type="button"
        class="quiet icon-only"
        aria-label={copied ? common.copied : common.copy}
        title={copied ? common.copied : common.copy}
        onClick={copy}
      >
        <Icon name={copied ? 'check' : 'copy'} />
      </button>
    </div>
  );
}

/** One figure with what it counts; a link where there is more to see. */
export function Figure(props: {
  label: string;
  value: ComponentChildren;
  about?: ComponentChildren;
  tone?: 'good' | 'warn' | 'bad';
  href?: string;
}) {
  const { label, value, about, tone = '', href } = props;
  const inner = (
    <>
      <span class="figure-label">{label}</span>
      <span class={`figure-value ${tone}`}>{value}</span>
      {about !== undefined && <span class="figure-about">{about}</span>}
    </>
  );
  return href === undefined ? (
    <div class="figure">{inner}</div>
  ) : (
    <a class="figure" href={href}>
      {inner}
    </a>
  );
}
