import type { CipherReason } from './cipher.ts';
import { matches, signatureOf } from './signature.ts';

/** Why a push was not taken. */
export type RefusalReason =
  /** The account has no token in the config. */
  | 'no token'
  /** The parameter with the signature is missing. */
  | 'no signature'
  | 'wrong signature'
  /** The account's pushes are encrypted, and this one is not. */
  | 'downgrade'
  /** It is encrypted, and the account has no key in the config. */
  | 'no key'
  | 'cannot be decrypted'
  /** Signed rightly, but no push. */
  | 'malformed';

/** One of the strings that a signature covers, told without telling secrets. */
export interface SignedPart {
  name: 'token' | 'timestamp' | 'nonce' | 'encrypt' | 'echostr';
  length: number;
  /** Its first two characters. */
  begins: string;
}

/** What we made of a request, for whoever looks for the fault. */
export interface Diagnosis {
  /** Name of the parameter that counted. */
  parameter: 'signature' | 'msg_signature';
  /** What was signed, in the order of their bytes. */
  parts: SignedPart[];
  /** The digest we computed. */
  computed: string;
  /** What came instead; undefined: nothing. */
  given: string | undefined;
  /** For people: what is wrong further. */
  note: string | undefined;
}

export interface Refusal {
  ok: false;
  reason: RefusalReason;
  diagnosis: Diagnosis;
}

export type Part = [name: SignedPart['name'], text: string];

/** Checks a signature. @returns what was computed, and whether it is what was given */
export function checkSignature(
  parameter: Diagnosis['parameter'],
  given: string | undefined,
  parts: readonly Part[],
): { valid: boolean; diagnosis: Diagnosis } {
  const computed = signatureOf(parts.map(([, text]) => text));
  const sorted = [...parts].sort(([, a], [, b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return {
    valid: given !== undefined && matches(computed, given),
    diagnosis: {
      parameter,
      parts: sorted.map(([name, text]) => ({
        name,
        length: text.length,
        begins: text.slice(0, 2),
      })),
      computed,
      given: given?.slice(0, 64),
      note: undefined,
    },
  };
}

export function refuse(
  reason: RefusalReason,
  diagnosis: Diagnosis,
  note?: string | CipherReason,
): Refusal {
  return { ok: false, reason, diagnosis: { ...diagnosis, note } };
}

/** One line for people: what was signed, what we computed, what came. */
export function describe({ reason, diagnosis }: Refusal): string {
  const { parameter, parts, computed, given, note } = diagnosis;
  const signed = parts.map(({ name, length, begins }) => `${name} (${length}: ${begins}…)`);
  const came = given === undefined ? `no ${parameter} came` : `${parameter} was ${given}`;
  const further = note === undefined ? '' : `; ${note}`;
  return `${reason}${further}: sha1 of ${signed.join(' + ')} is ${computed}, ${came}`;
}
