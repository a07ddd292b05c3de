import type { z } from 'zod';
import { isAddress } from '../config/address-schema.ts';
import { channelSchema } from '../config/schema.ts';
import type { ChannelFacts } from './channel.ts';
import { AppError } from './errors.ts';

/** A channel as an operator writes it: what has a default may be left out. */
export type ChannelInput = z.input<typeof channelSchema>;
/** Undefined or null takes a setting back to its default. */
export type ChannelPatch = {
  [K in Exclude<keyof ChannelInput, 'chid' | 'key' | 'oldKey'>]?: ChannelInput[K] | null;
};

const factsSchema = channelSchema.omit({ key: true, oldKey: true });

/** Of our own writing; parsed again so that a setting newer than the row gets its default. */
export function parseFacts(text: string): ChannelFacts {
  return factsSchema.parse(JSON.parse(text));
}

/** @throws AppError field_value */
export function checkFacts(input: unknown): ChannelFacts {
  const parsed = factsSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    const text = `${field}: ${issue?.message ?? ''}`;
    throw new AppError('field_value', { zh: text, en: text }, { field });
  }
  for (const [at, address] of parsed.data.addresses.entries()) {
    if (isAddress(address)) continue;
    const field = `addresses.${at}`;
    throw new AppError(
      'field_value',
      { zh: `${field}: 不是 IP 地址或网段`, en: `${field}: not an IP address or CIDR range` },
      { field },
    );
  }
  return parsed.data;
}
