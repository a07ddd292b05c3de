import { z } from 'zod';
import { type PushKind, type PushToken, pushKinds } from '../../bot/im/push-tokens.ts';
import { refusal } from './envelope.ts';
import { route, selfOf } from './route.ts';

const token = z
  .string({ error: 'must be a string' })
  .max(2048, { error: 'must not be longer than 2048 characters' })
  .nullish();

const tokens = z.object(
  Object.fromEntries(pushKinds.map((kind) => [fieldOf(kind), token])) as Record<
    `${PushKind}_device_token`,
    typeof token
  >,
);

// Not in the document; every native client calls both.
const bindDevice = route({
  id: 'bindDevice',
  method: 'post',
  path: '/device/bind',
  caller: 'client',
  summary: "Keep tokens of push services for the caller's telephone: one or more",
  body: tokens,
  handle: ({ pushTokens }, asked) => pushTokens.bind(selfOf(asked), tokensIn(asked.body)),
});

const unbindDevice = route({
  id: 'unbindDevice',
  method: 'post',
  path: '/device/unbind',
  caller: 'client',
  summary: 'Forget tokens of push services; another one that was bound meanwhile stays',
  body: tokens,
  handle: ({ pushTokens }, asked) => pushTokens.unbind(selfOf(asked), tokensIn(asked.body)),
});

export const deviceRoutes = [bindDevice, unbindDevice];

function fieldOf(kind: PushKind): `${PushKind}_device_token` {
  return `${kind}_device_token`;
}

/** @throws HttpProblem 400 when there is none */
function tokensIn(body: z.output<typeof tokens>): PushToken[] {
  const given = pushKinds.flatMap((kind) => {
    // Clients send all their fields, empty where they have no token.
    const text = body[fieldOf(kind)] ?? '';
    return text === '' ? [] : [{ kind, token: text }];
  });
  if (given.length === 0) throw refusal(400, 'invalid param: a device token is needed');
  return given;
}
