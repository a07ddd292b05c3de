import type { HandedRow, NoticeRow } from '../../store/imbot-notices.ts';
import { CallbackFault, hostIn } from './callback.ts';
import { Interrupted } from './handed-notices.ts';
import type { Said, Told } from './notice-teller.ts';

/**
 * read: fetched before it fell due; told: somebody took it; lost: the process ended meanwhile, and
 * nobody knows; the others say why nobody did.
 */
export const noticeOutcomes = ['read', 'told', 'refused', 'failed', 'notAllowed', 'lost'] as const;
export type NoticeOutcome = (typeof noticeOutcomes)[number];

/** How a notice ended. */
export interface End {
  outcome: NoticeOutcome;
  facts: object;
}

/** It was handed over: whatever goes wrong, it is not said again. @throws Interrupted */
export async function endOf(said: Promise<Said>, facts: object): Promise<End> {
  try {
    const answer = await said;
    return { outcome: answer.taken ? 'told' : 'refused', facts: { ...facts, ...answer } };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const reason = error instanceof CallbackFault ? error.message : error;
    return { outcome: 'failed', facts: { ...facts, reason } };
  }
}

export function factsOf(
  { template_url }: Pick<NoticeRow, 'template_url'>,
  { toUserId }: Told,
): object {
  return { to: toUserId, host: hostIn(template_url) };
}

export function told({ notice }: HandedRow): Told {
  // Written by us.
  return JSON.parse(notice) as Told;
}
