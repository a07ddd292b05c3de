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

/** Each of them is told to all others: a thousand in a group of a thousand are a million notices. */
export const leaving = memberList(1000);

/**
 * Who joins a group, and whoever brought them in. The list may come bare, and one member without a
 * list. @NOTE the document has the object; its servers took the other two as well, or only those,
 * and clients send all three.
 */
export const joining = z.preprocess(
  (body) => (Array.isArray(body) || isMember(body) ? { members: [body].flat() } : body),
  z.object({ members: leaving, inviter: namedMember.omit({ avatar: true }).optional() }),
);

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

function isMember(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'uid' in body && !('members' in body);
}
