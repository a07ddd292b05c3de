import type { Config } from './config.ts';
import { maskedSource } from './masked-source.ts';
import { mask, maskedAddress } from './masked-text.ts';
import { sourceSchema } from './report-schema.ts';

/** Names of what nobody may read over a shoulder. */
const secretNames =
  /^(?:key|oldKey|secrets?|password|pass|tokens?|apiKey|encodingAesKey|authorization|cookie)$|secret|password|apikey|token$/i;
/** Whatever stands in these is a secret: names are chosen by others. */
const secretFolders = /^(?:puppetOptions|headers|auth)$/;
/** Counted or measured, and only called alike. */
const plainNames = /^(?:maxTokens|tokensPerDay|firstTokenSeconds)$/;

/**
 * The config as operators may see it: everything that opens a door is masked, whether it is named as
 * a secret, lies among options that others name, or stands in an address (`user:password@`, `?token=`).
 */
export function maskedConfig(config: Config): Record<string, unknown> {
  return maskedIn(config) as Record<string, unknown>;
}

function maskedIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskedIn);
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, maskedAs(name, inner)]),
  );
}

function maskedAs(name: string, value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (secretFolders.test(name)) return allMasked(value);
  if (secretNames.test(name) && !plainNames.test(name)) return allMasked(value);
  // Of a report, a body of text may hold some as well.
  const source = name === 'source' ? sourceSchema.safeParse(value) : undefined;
  return source?.success === true ? maskedIn(maskedSource(source.data)) : maskedIn(value);
}

/** Of an address in the config nobody needs the parameters: whatever sounds like a secret is masked. */
function withoutSecrets(text: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  return maskedAddress(text).replaceAll(
    /([?&][^=&#]*(?:key|secret|token|password|sign)[^=&#]*=)[^&#]*/gi,
    `$1${mask}`,
  );
}

/** Its form stays: how many there are, and what they are called. */
function allMasked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(allMasked);
  if (typeof value !== 'object' || value === null) return mask;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      // Of an access token whose it is may be read.
      name === 'userId' || typeof inner === 'boolean' ? inner : allMasked(inner),
    ]),
  );
}
