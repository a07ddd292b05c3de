import { maskTokens } from '../../../../config/logger.ts';

export type Redact = (text: string) => string;

/** Takes known secrets, and what looks like a token, out of texts of puppet libraries. */
export function redactor(secrets: readonly string[]): Redact {
  const longestFirst = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of longestFirst) clean = clean.replaceAll(secret, '[redacted]');
    return maskTokens(clean);
  };
}
