import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { refusal } from './envelope.ts';
import { avatar, name, pathId, uid } from './schema.ts';

export const groupParams = z.object({ gid: pathId });
export const memberParams = groupParams.extend({ mid: pathId });

const namedMember = z.object({ uid, name: name.optional(), avatar: avatar.optional() });

/** A member: its uid alone, or with what it is called. */
export const member = z.union([uid, namedMember], {
  error: 'must be a uid, or an object with one',
});

/** @param max more than anybody has: each of them may be told to each */
export function memberList(max: number) {
  return z.array(member, { error: 'must be a list' }).max(max, { error: `at most ${max} at once` });
}

/** Whoever brought the new members in. */
export const inviter = namedMember.omit({ avatar: true });

/**
 * What is not there of a group is bad input in this family.
 * @throws HttpProblem 400 `group non exists`
 */
export async function inGroup<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') throw refusal(400, error.text.en);
    throw error;
  }
}
