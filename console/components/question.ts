import { effect, signal } from '@preact/signals';
import { path } from '../router.ts';

export interface Question {
  title: string;
  /** What will happen, and what cannot be taken back. */
  text?: string;
  /** Word on the button; default: the title. */
  yes?: string;
  danger?: boolean;
}

/** What is being asked. */
export const asked = signal<(Question & { answer: (yes: boolean) => void }) | undefined>(undefined);

// Who goes elsewhere (the browser's way back) does not do it.
effect(() => {
  if (path.value !== undefined) asked.peek()?.answer(false);
});

/** Asks before something is done: `if (await confirm({ title, text, danger: true })) …`. */
export function confirm(question: Question): Promise<boolean> {
  asked.peek()?.answer(false);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = undefined;
        resolve(yes);
      },
    };
  });
}
