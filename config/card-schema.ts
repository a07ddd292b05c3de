import { z } from 'zod';

/** Text that can be stored and sent: no NUL, no half characters. */
export const sendable = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'holds illegal characters');

/** A mini-program card as bots send it: the same fields wherever somebody writes one. */
export const cardFields = {
  appid: sendable(128),
  username: sendable(128).describe('Original id of the mini-program (gh_…).'),
  title: sendable(512),
  description: z.string().max(1024).default(''),
  pagePath: sendable(2048),
  thumbUrl: sendable(2048),
  thumbKey: sendable(512).exactOptional().describe('Key of thumbUrl.'),
};

/** As `roomSendApp` spells them (pagepath, thumbnailUrl), or as our answers do: what works there works here. */
export function respelledCard(card: unknown): unknown {
  if (typeof card !== 'object' || card === null) return card;
  const { pagepath, thumbnailUrl, ...rest } = card as Record<string, unknown>;
  return {
    ...(pagepath !== undefined && { pagePath: pagepath }),
    ...(thumbnailUrl !== undefined && { thumbUrl: thumbnailUrl }),
    ...rest,
  };
}

export const cardSchema = z.preprocess(respelledCard, z.strictObject(cardFields));
