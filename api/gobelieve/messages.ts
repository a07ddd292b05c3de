import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { Said } from '../../bot/im/sending.ts';
import { refusal } from './envelope.ts';
import { route } from './route.ts';
import { content, id, uid } from './schema.ts';

/** 0 is the application itself. */
const sender = id.refine((value) => value >= 0, { error: 'must not be negative' });

const sendPeer = route({
  id: 'sendPeerMessage',
  method: 'post',
  path: '/messages/peers',
  caller: 'server',
  summary: 'Say something as one user to another',
  body: z.object({ sender, receiver: uid, content }),
  handle: ({ sender: say }, { appid, body }) =>
    said((done) => say.peer({ appid, ...spoken(body) }, done)),
});

const sendGroup = route({
  id: 'sendGroupMessage',
  method: 'post',
  path: '/messages/groups',
  caller: 'server',
  summary: 'Say something as a user in a group',
  description: 'The sender need not be a member, and may be muted: the application knows best.',
  body: z.object({ sender, receiver: id.describe('The group.'), content }),
  handle: ({ sender: say }, { appid, body }) =>
    said((done) => say.group({ appid, ...spoken(body) }, done)),
});

const sendSystem = route({
  id: 'sendSystemMessage',
  method: 'post',
  path: '/messages/systems',
  caller: 'server',
  summary: 'Tell a user something as the system',
  body: z.object({ receiver: uid, content }),
  handle: ({ sender: say }, { appid, body }) =>
    said((done) => say.system(appid, body.receiver, Buffer.from(body.content), done)),
});

const sendNotification = route({
  id: 'sendNotification',
  method: 'post',
  path: '/messages/notifications',
  caller: 'server',
  summary: 'Tell a user who is online now; not kept',
  body: z.object({ receiver: uid, content }),
  handle: async ({ sender: say }, { appid, body }) =>
    say.notification(appid, body.receiver, Buffer.from(body.content)),
});

const sendGroupNotification = route({
  id: 'sendGroupNotification',
  method: 'post',
  path: '/messages/groups/notifications',
  caller: 'server',
  summary: 'A notice to all members of a group, as those about its members',
  body: z.object({ group_id: id, content }),
  handle: async ({ sender: say }, { appid, body }) => {
    try {
      await say.groupNotice(appid, body.group_id, Buffer.from(body.content));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      throw refusal(400, 'group no member');
    }
  },
});

// @NOTE the document titles this one 群通知消息 and calls the sender a group: both are slips.
const sendRoom = route({
  id: 'sendRoomMessage',
  method: 'post',
  path: '/messages/rooms',
  caller: 'server',
  summary: 'Say something in a chat room, to those who are in it now; not kept',
  body: z.object({ sender, receiver: id.describe('The chat room.'), content }),
  handle: ({ sender: say }, { appid, body }) =>
    said((done) => say.chatRoom({ appid, ...spoken(body) }, done)),
});

// Not in the document; clients of some age call it. Its server did nothing with it either.
const dequeue = route({
  id: 'dequeueMessages',
  method: 'post',
  path: '/messages/dequeue',
  caller: 'client',
  summary: 'Nothing to do: a client says over its connection how far it has read',
  handle: async () => {},
});

export const messageRoutes = [
  sendPeer,
  sendGroup,
  sendSystem,
  sendNotification,
  sendGroupNotification,
  sendRoom,
  dequeue,
];

function spoken(body: { sender: number; receiver: number; content: string }) {
  return { sender: body.sender, receiver: body.receiver, content: Buffer.from(body.content) };
}

/** Resolves when it is on disk. @throws HttpProblem 400 when there is no such group */
function said(say: (done: Said) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    say((error, status) => {
      if (error !== undefined) reject(error);
      else if (status === 'noGroup') reject(refusal(400, 'group non exists'));
      else resolve();
    });
  });
}
