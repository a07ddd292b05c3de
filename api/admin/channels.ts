import { z } from 'zod';
import type { Channel, ChannelPatch } from '../../bot/channels.ts';
import { unmaskedAddress } from '../../bot/unmasked.ts';
import { maskedAddress } from '../../config/masked-text.ts';
import { channelSchema } from '../../config/schema.ts';
import { sentence } from '../sentence.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { page, pageOf, paging } from './paging.ts';
import { patchOf } from './patch.ts';

const facts = channelSchema.omit({ key: true, oldKey: true });
const view = facts.extend({
  callbackUrl: facts.shape.callbackUrl.describe(
    'Where events are posted to. Secrets in it are `***`; sent back as it is, they stay.',
  ),
  source: z.enum(['config', 'admin']).describe('config: what the file says wins at each start.'),
  keyCount: z.int().describe('Live signature keys; two while it changes over.'),
  pausedReason: sentence.nullable().describe('Why its deliveries are held; null: they are not.'),
});
const params = z.object({ chid: z.string().min(1).max(64) });
const key = z.string().describe('The signature key. Shown here and never again.');

const listChannels = operation({
  id: 'listChannels',
  method: 'get',
  path: '/channels',
  tag: 'channels',
  summary: 'Every channel, by chid',
  query: z.strictObject(paging),
  answer: page(view),
  handle: async ({ channels }, { query }) => {
    const { items, next } = pageOf(channels.list(), (one) => one.chid, query);
    return { items: items.map(viewOf), next };
  },
});

const addChannel = operation({
  id: 'addChannel',
  method: 'post',
  path: '/channels',
  role: 'admin',
  tag: 'channels',
  summary: 'Add a channel; without a key one is made',
  body: channelSchema.omit({ oldKey: true }),
  answer: z.object({ channel: view, key }),
  status: 201,
  handle: async ({ channels }, { body }) => {
    const { callbackUrl } = body;
    if (callbackUrl !== undefined) unmaskedAddress(callbackUrl, undefined, 'callbackUrl');
    const added = await channels.add(body);
    return { channel: viewOf(added.channel), key: added.key };
  },
});

const getChannel = operation({
  id: 'getChannel',
  method: 'get',
  path: '/channels/{chid}',
  tag: 'channels',
  summary: 'One channel',
  params,
  answer: view,
  handle: async (core, { params: { chid } }) => viewOf(known(core, chid)),
});

const changeChannel = operation({
  id: 'changeChannel',
  method: 'patch',
  path: '/channels/{chid}',
  role: 'admin',
  tag: 'channels',
  summary: 'Change settings; null takes one back to its default',
  params,
  body: patchOf(facts.omit({ chid: true })),
  answer: view,
  handle: async (core, { params: { chid }, body }) => {
    // The schema above is that of a patch; the core checks the settings as a whole.
    const patch = body as ChannelPatch;
    const { callbackUrl } = patch;
    if (typeof callbackUrl === 'string') {
      const kept = known(core, chid).settings.callbackUrl;
      patch.callbackUrl = unmaskedAddress(callbackUrl, kept, 'callbackUrl');
    }
    return viewOf(await core.channels.update(chid, patch));
  },
});

const removeChannel = operation({
  id: 'removeChannel',
  method: 'delete',
  path: '/channels/{chid}',
  role: 'admin',
  tag: 'channels',
  summary: 'Remove a channel; one of the config file is removed there',
  params,
  handle: ({ channels }, { params: { chid } }) => channels.remove(chid),
});

const rotateKey = operation({
  id: 'rotateKey',
  method: 'post',
  path: '/channels/{chid}/rotate',
  role: 'admin',
  tag: 'channels',
  summary: 'Make a new key; the one before stays valid for a while',
  params,
  body: z.strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400)
      .describe('How long the key before stays valid.'),
  }),
  answer: z.object({ key }),
  handle: async ({ channels }, { params: { chid }, body }) => ({
    key: await channels.rotateKey(chid, body),
  }),
});

const pauseChannel = operation({
  id: 'pauseChannel',
  method: 'post',
  path: '/channels/{chid}/pause',
  tag: 'channels',
  summary: 'Hold the deliveries of a channel; its commands go on',
  params,
  body: z.strictObject({ reason: z.string().min(1).max(200).default('paused by an operator') }),
  answer: view,
  handle: async (core, { params: { chid }, body }) => {
    await core.channels.pause(chid, body.reason);
    return viewOf(known(core, chid));
  },
});

const resumeChannel = operation({
  id: 'resumeChannel',
  method: 'post',
  path: '/channels/{chid}/resume',
  tag: 'channels',
  summary: 'Deliver again; what was held goes out now',
  params,
  answer: view,
  handle: async (core, { params: { chid } }) => {
    await core.channels.resume(chid);
    return viewOf(known(core, chid));
  },
});

export const channelOperations = [
  listChannels,
  addChannel,
  getChannel,
  changeChannel,
  removeChannel,
  rotateKey,
  pauseChannel,
  resumeChannel,
];

function known(core: AdminCore, chid: string): Channel {
  const channel = core.channels.get(chid);
  if (channel === undefined) throw notFound(`渠道 ${chid}`, `channel ${chid}`);
  return channel;
}

function viewOf(channel: Channel): z.output<typeof view> {
  const { callbackUrl } = channel.settings;
  return {
    ...channel.settings,
    ...(callbackUrl !== undefined && { callbackUrl: maskedAddress(callbackUrl) }),
    source: channel.source,
    keyCount: channel.keys.length,
    pausedReason: channel.pausedReason ?? null,
  };
}
