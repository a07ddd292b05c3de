import type { Language } from '../../bot/errors.ts';
import { type Refusal, rtCodes } from './rt-code.ts';

/** Further fields of resBody. */
export type Fields = Record<string, unknown>;

const open = '{"resHead":{},"resBody":';

/**
 * A command that was accepted or done. `message` replaces the usual text.
 * @NOTE rtCode is a string, as the document's tables of resBody say.
 */
export function accepted(language: Language, fields: Fields = {}, message?: string): string {
  const rtMsg = JSON.stringify(message ?? rtCodes['0'][language]);
  return `${open}{"rtCode":"0","rtMsg":${rtMsg}${rest(fields)}}`;
}

export function refused(refusal: Refusal, language: Language): string {
  const rtMsg = JSON.stringify(refusal.message(language));
  return `${open}{"rtCode":"${refusal.rtCode}","rtMsg":${rtMsg}}}`;
}

/** The fields behind rtMsg, up to and with the brace that closes resBody. */
function rest(fields: Fields): string {
  const text = JSON.stringify(fields);
  return text === '{}' ? '}' : `,${text.slice(1)}`;
}
