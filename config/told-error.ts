import type { Text } from './text.ts';

/** What ends a start or a command, in words for whoever gave it. */
export class ToldError extends Error {
  readonly text: Text;

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}
