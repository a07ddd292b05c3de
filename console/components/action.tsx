import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { may, type Role } from '../session.ts';
import { common } from '../words/common.ts';
import { Icon, type IconName } from './icon.tsx';
import { confirm, type Question } from './question.ts';
import { toast, toastError } from './toast.tsx';

/**
 * Runs something once at a time and tells its outcome.
 * @returns whether it is running, and a function that runs it: true when it succeeded
 */
export function useAction(): [
  boolean,
  (work: () => Promise<unknown>, done?: string) => Promise<boolean>,
] {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    try {
      await work();
      if (done !== undefined) toast(done);
      return true;
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return [busy, run];
}

export interface ActionProps {
  children: ComponentChildren;
  /** What it does; a rejection is told. */
  run: () => Promise<unknown>;
  /** Asked before. */
  ask?: Question;
  /** Said after it succeeded; null: `run` says it itself. */
  done?: string | null;
  /** Whoever has a lesser role does not see it; default operator. */
  needs?: Role;
  kind?: 'primary' | 'danger' | 'quiet';
  icon?: IconName;
  disabled?: boolean;
  /** Its name where the children are no words. */
  label?: string;
  /** After it succeeded, e.g. `reload` of a resource. */
  then?: () => void;
}

/** A button that changes something: asks, runs, tells. */
export function Action(props: ActionProps) {
  const {
    children,
    run,
    ask,
    done = common.done,
    needs = 'operator',
    kind,
    icon,
    disabled,
    label,
    then,
  } = props;
  const [busy, start] = useAction();
  if (!may(needs)) return null;
  const click = async (): Promise<void> => {
    if (busy) return;
    // The question is not its own answer.
    const yes = typeof children === 'string' && children !== '' ? children : label;
    if (ask !== undefined && !(await confirm({ ...(yes && { yes }), ...ask }))) return;
    if (await start(run, done ?? undefined)) then?.();
  };
  return (
    <button
      type="button"
      class={kind}
      disabled={disabled}
      aria-busy={busy}
      aria-label={label}
      title={label}
      onClick={() => void click()}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
