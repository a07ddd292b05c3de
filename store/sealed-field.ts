import type { Vault } from '../config/secrets.ts';

/** JSON of which one field was taken out, and what stood there. */
export interface Parted {
  clear: string;
  /** Null: there was no such field. */
  sealed: Uint8Array | null;
}

/**
 * Stands for one that cannot be opened. It leads nowhere, so that somebody is told: no name ends like
 * that, and who answers to any name has no certificate for it.
 */
export const lostAddress = 'https://lost.invalid/';

/**
 * A field of JSON in which somebody may have typed a secret: a source with its headers, an address
 * with a token. All of it is sealed, since nobody can say for sure which part of it opens a door.
 * Where it stood stays a null, so that what is opened is letter for letter what was sealed.
 */
export class SealedField {
  readonly #vault: Vault;
  readonly #name: string;
  readonly #instead: unknown;

  /** @param instead of one that was sealed with another `secret.key` */
  constructor(vault: Vault, name: string, instead: unknown) {
    this.#vault = vault;
    this.#name = name;
    this.#instead = instead;
  }

  /** For the database. */
  part(text: string): Parted {
    const whole = fieldsOf(text);
    const value = whole[this.#name];
    if (value === undefined || value === null) return { clear: text, sealed: null };
    const clear = JSON.stringify({ ...whole, [this.#name]: null });
    return { clear, sealed: this.#vault.seal(JSON.stringify(value)) };
  }

  /** As it was before. */
  whole({ clear, sealed }: Parted): string {
    if (sealed === null) return clear;
    const value = this.opens(sealed) ?? JSON.stringify(this.#instead);
    return JSON.stringify({ ...fieldsOf(clear), [this.#name]: JSON.parse(value) });
  }

  /** @returns undefined when it was sealed with another `secret.key` */
  opens(sealed: Uint8Array): string | undefined {
    try {
      return this.#vault.open(sealed);
    } catch {
      return undefined;
    }
  }
}

/** Of our own writing. */
function fieldsOf(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
