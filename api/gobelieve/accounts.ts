import { z } from 'zod';
import { isCustomerNumber } from '../../bot/im/customers.ts';
import { firstCustomer } from '../../bot/im/desks.ts';
import type { Im } from '../../bot/im/im.ts';
import { refusal } from './envelope.ts';
import { type Asked, route } from './route.ts';
import { flag, name, pathId, uid } from './schema.ts';

const grantSchema = z.object({
  uid,
  user_name: name.nullish(),
  platform_id: z.unknown().optional().describe('Not needed: a token is good for all devices.'),
  device_id: z.unknown().optional(),
});

const settingsSchema = z.object({
  name: name.optional(),
  forbidden: flag.optional().describe('May not speak in chat rooms.'),
  do_not_disturb: z
    .object({ peer_uid: uid, on: flag })
    .optional()
    .describe('No push about what this user says.'),
  mute: flag.optional().describe('The phone is silent while a desktop is online.'),
});

const grant = route({
  id: 'grantToken',
  method: 'post',
  path: '/auth/grant',
  caller: 'server',
  summary: "A user's token: the same one each time, until it is revoked",
  body: grantSchema,
  answer: z.object({ token: z.string() }),
  handle: async (im, { appid, body }) => {
    const { uid, user_name: name } = body;
    if (isCustomerNumber(uid) && !(await im.customers.includes({ appid, uid }))) {
      throw refusal(400, `invalid param: uid: from ${firstCustomer} on are customers`);
    }
    return { token: await im.users.grant({ appid, uid, ...(name != null && { name }) }) };
  },
});

const settings = {
  path: '/users/{uid}',
  caller: 'server',
  summary: 'Settings of a user: each that is there',
  params: z.object({ uid: pathId }),
  body: settingsSchema,
} as const;

// @NOTE the document says POST; its server also took PATCH.
const setUser = route({ ...settings, id: 'setUser', method: 'post', handle: set });
const changeUser = route({ ...settings, id: 'changeUser', method: 'patch', handle: set });

export const accountRoutes = [grant, setUser, changeUser];

async function set(
  { users }: Pick<Im, 'users'>,
  { appid, params, body }: Asked<z.output<typeof settings.params>, z.output<typeof settingsSchema>>,
): Promise<void> {
  const user = { appid, uid: params.uid };
  if (user.uid === 0) throw refusal(400, 'invalid param: uid: must not be 0');
  const { name, forbidden, do_not_disturb: quiet, mute } = body;
  const nothing = [name, forbidden, quiet, mute].every((one) => one === undefined);
  if (nothing) throw refusal(400, 'invalid param: name, do_not_disturb or mute is needed');
  if (name !== undefined) await users.setName(user, name);
  if (forbidden !== undefined) await users.setForbidden(user, forbidden);
  if (quiet !== undefined) await users.setQuiet(user, 'peer', quiet.peer_uid, quiet.on);
  if (mute !== undefined) await users.setMute(user, mute);
}
