import type { Context } from 'koa';
import { z } from 'zod';
import { jsonBodyLimit, readBody } from '../middleware/body.ts';
import { refusal } from './envelope.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** An integer, or its digits in a string, wherever the document or a client sends one. */
export const id = z
  .union([z.int(), z.string().regex(/^-?\d{1,16}$/, { error: 'must be an integer' })], {
    error: 'must be an integer',
  })
  .transform(Number)
  .pipe(z.int({ error: 'must be an integer below 2^53' }));

/** A user; nobody can log in as 0, and negative numbers were never users of anything. */
export const uid = id.refine((value) => value > 0, { error: 'must be above 0' });

/** An id in an address, which is made of digits only. */
export const pathId = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(z.int());

const flagWords: Record<string, boolean> = {
  true: true,
  false: false,
  on: true,
  off: false,
  开: true,
  关: false,
  '1': true,
  '0': false,
};

/** A switch. @NOTE the document calls it both 布尔类型 and 开/关. */
export const flag = z
  .union([z.boolean(), z.literal([0, 1]), z.enum(Object.keys(flagWords))], {
    error: 'must be true or false',
  })
  .transform((value) => flagWords[String(value)] === true);

/** Something to show to people: any database can keep it. */
export function text(max: number) {
  return z
    .string({ error: 'must be a string' })
    .max(max, { error: `must not be longer than ${max} characters` })
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'must be valid text',
    });
}

export const name = text(255);
export const avatar = text(2048);

/** A message must fit into a frame of the client protocol: 32 KiB, of which 24 bytes are its head. */
export const contentLimit = 32_768 - 24;

/** What is said. Clients agree on its form among themselves. */
export const content = z
  .string({ error: 'must be a string' })
  .min(1, { error: 'must not be empty' })
  .refine((value) => Buffer.byteLength(value) < contentLimit, {
    error: `must be shorter than ${contentLimit} bytes`,
  });

/**
 * Reads a JSON body, whatever its content type says; none at all is an empty object.
 * @throws HttpProblem 400, 413
 */
export async function readJsonBody(ctx: Context): Promise<unknown> {
  const body = await readBody(ctx.req, jsonBodyLimit);
  if (body === 'too-large') throw refusal(413, `larger than ${jsonBodyLimit} bytes`);
  if (body.length === 0) return {};
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw refusal(400, 'invalid json format');
  }
}

/**
 * Checks a body or a query; the first fault is named with its path, e.g. `members[0].uid`.
 * @throws HttpProblem 400
 */
export function check<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { path, message } = innermost(issue ?? { path: [], message: 'wrong' });
  const field = path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`,
    '',
  );
  throw refusal(400, `invalid param: ${field === '' ? '' : `${field}: `}${message}`);
}

interface Fault {
  path: PropertyKey[];
  message: string;
  /** Of a union: the faults of each of its forms. */
  errors?: Fault[][];
}

/** Where one form of a union was meant and has a fault further in, that is the one to tell. */
function innermost({ path, message, errors = [] }: Fault): Pick<Fault, 'path' | 'message'> {
  const inner = errors.flatMap(([first]) => (first === undefined ? [] : [innermost(first)]));
  const meant = inner.find((one) => one.path.length > 0);
  return meant === undefined ? { path, message } : { ...meant, path: [...path, ...meant.path] };
}
