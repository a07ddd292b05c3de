import { z } from 'zod';
import { qrSvg } from '../../bot/automation/bots/qr.ts';
import { AppError } from '../../bot/errors.ts';
import type { Operator } from '../../bot/operators.ts';
import { builtInUser } from '../../bot/operators.ts';
import type { OperatorUserRow } from '../../store/operator-users.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { toUserView, userView } from './user-views.ts';

const time = z.int().describe('Epoch milliseconds.');
const current = z.string().min(1).max(1000).describe('The present password, once more.');
const recoveryCodes = z
  .array(z.string())
  .describe('Each counts once in the place of a code. Shown here and never again.');

const getProfile = operation({
  id: 'getProfile',
  method: 'get',
  path: '/profile',
  tag: 'operators',
  summary: 'Oneself: settings, and where one is logged in',
  answer: z.object({
    user: userView,
    passwordFixed: z.boolean().describe('The config file names the password.'),
    recoveryCodesLeft: z.int(),
    sessions: z
      .array(
        z.object({
          id: z.int(),
          current: z.boolean().describe('The one that asks.'),
          createdAt: time,
          expiresAt: time,
          address: z.string(),
          agent: z.string(),
        }),
      )
      .describe('Newest first.'),
  }),
  handle: async (core, { operator }) => {
    const { operators } = core;
    const row = await self(core, operator);
    const sessions = await operators.tokens.sessionsOf(row.id);
    return {
      user: toUserView(operators, row),
      passwordFixed: row.id === builtInUser && operators.passwordFixed,
      recoveryCodesLeft: await operators.users.recoveryLeft(row.id),
      sessions: sessions.map((one) => ({
        id: one.id,
        current: one.id === operator?.tokenId,
        createdAt: one.createdAt,
        expiresAt: one.expiresAt ?? 0,
        address: one.address ?? '',
        agent: one.agent ?? '',
      })),
    };
  },
});

const changeProfile = operation({
  id: 'changeProfile',
  method: 'patch',
  path: '/profile',
  tag: 'operators',
  role: 'viewer',
  summary: 'The language of the console',
  body: z.strictObject({
    language: z
      .enum(['zh', 'en'])
      .nullable()
      .describe('Of the console. Null: that of the browser.'),
  }),
  answer: userView,
  handle: async (core, { body, operator }) => {
    const { id } = await self(core, operator);
    await core.operators.people.setLanguage(id, body.language);
    return toUserView(core.operators, await core.operators.people.require(id));
  },
});

const changeOwnPassword = operation({
  id: 'changeOwnPassword',
  method: 'post',
  path: '/profile/password',
  tag: 'operators',
  role: 'viewer',
  summary: 'Change the own password; all other sessions end',
  body: z.strictObject({ current, password: z.string().min(10).max(1000) }),
  handle: async (core, { body, operator }) => {
    const { id } = await proven(core, operator, body.current);
    await core.operators.people.setPassword(id, body.password, operator?.tokenId);
  },
});

const offerTotp = operation({
  id: 'offerTotp',
  method: 'post',
  path: '/profile/totp',
  tag: 'operators',
  role: 'viewer',
  summary: 'A new secret for an authenticator; it counts once a code of it is confirmed',
  body: z.strictObject({ current }),
  answer: z.object({
    secret: z.string().describe('To be typed in, base32. Shown here and never again.'),
    url: z.string().describe('`otpauth://…`: what the QR code says.'),
    qrSvg: z.string().describe('The QR code, an SVG picture.'),
  }),
  handle: async (core, { body, operator }) => {
    const row = await proven(core, operator, body.current);
    const { username } = toUserView(core.operators, row);
    const offer = await core.operators.second.offer(row.id, username);
    return { ...offer, qrSvg: await qrSvg(offer.url) };
  },
});

const confirmTotp = operation({
  id: 'confirmTotp',
  method: 'post',
  path: '/profile/totp/confirm',
  tag: 'operators',
  role: 'viewer',
  summary: 'Ask for codes at the log-in from now on',
  body: z.strictObject({ code: z.string().min(6).max(10).describe('Of the new secret.') }),
  answer: z.object({ recoveryCodes }),
  handle: async (core, { body, operator }) => {
    const { logIn, second } = core.operators;
    const row = await self(core, operator);
    const confirm = () => second.confirm(row, body.code);
    return { recoveryCodes: await logIn.sparing(sessionOf(operator), confirm) };
  },
});

const removeOwnTotp = operation({
  id: 'removeOwnTotp',
  method: 'post',
  path: '/profile/totp/remove',
  tag: 'operators',
  role: 'viewer',
  summary: 'Ask for no codes any more',
  body: z.strictObject({ current }),
  handle: async (core, { body, operator }) => {
    const { id } = await proven(core, operator, body.current);
    await core.operators.second.turnOff(id);
  },
});

const renewCodes = operation({
  id: 'renewRecoveryCodes',
  method: 'post',
  path: '/profile/recovery-codes',
  tag: 'operators',
  role: 'viewer',
  summary: 'New recovery codes; those before are over',
  body: z.strictObject({ current }),
  answer: z.object({ recoveryCodes }),
  handle: async (core, { body, operator }) => {
    const { id, totp } = await proven(core, operator, body.current);
    if (totp === null) {
      throw new AppError('conflict', {
        zh: '尚未启用动态码',
        en: 'no codes are asked for: turn them on first',
      });
    }
    return { recoveryCodes: await core.operators.second.renewCodes(id) };
  },
});

const endOwnSession = operation({
  id: 'endOwnSession',
  method: 'delete',
  path: '/profile/sessions/{id}',
  tag: 'operators',
  role: 'viewer',
  summary: 'Log oneself out elsewhere',
  params: z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  handle: async (core, { params, operator }) => {
    const { id } = await self(core, operator);
    const own = await core.operators.tokens.sessionsOf(id);
    if (!own.some((one) => one.id === params.id)) {
      throw notFound(`会话 ${params.id}`, `session ${params.id}`);
    }
    await core.operators.revokeToken(params.id);
  },
});

const endOtherSessions = operation({
  id: 'endOtherSessions',
  method: 'post',
  path: '/profile/sessions/end-others',
  tag: 'operators',
  role: 'viewer',
  summary: 'Log oneself out everywhere else',
  handle: async (core, { operator }) => {
    const { id } = await self(core, operator);
    await core.operators.endSessions(id, operator?.tokenId);
  },
});

/** @throws AppError forbidden: a program, or the command line */
async function self(core: AdminCore, operator: Operator | undefined): Promise<OperatorUserRow> {
  if (operator?.userId !== undefined) return core.operators.people.require(operator.userId);
  throw new AppError('forbidden', {
    zh: '只有登录的人才有个人资料',
    en: 'only people who logged in have a profile',
  });
}

/** Who holds a session that was left open does not know the password. */
async function proven(
  core: AdminCore,
  operator: Operator | undefined,
  password: string,
): Promise<OperatorUserRow> {
  const row = await self(core, operator);
  await core.operators.logIn.checkAgain(row, password, sessionOf(operator));
  return row;
}

/** Whoever has a profile came with one; without, all count as one. */
function sessionOf(operator: Operator | undefined): number {
  return operator?.tokenId ?? 0;
}

export const profileOperations = [
  ...[getProfile, changeProfile, changeOwnPassword],
  ...[offerTotp, confirmTotp, removeOwnTotp, renewCodes],
  ...[endOwnSession, endOtherSessions],
];
