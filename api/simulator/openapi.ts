import { z } from 'zod';
import { type Described, type OpenApiPart, pathsOf } from '../openapi/part.ts';
import {
  changeRoomSchema,
  createContactSchema,
  createRoomSchema,
  faultSchema,
  kickSchema,
  messagesQuery,
  sayPrivatelySchema,
  saySchema,
  scanSchema,
} from './schema.ts';

const bot = z.object({ botcode: z.string() });
const one = bot.extend({ id: z.string() });
const person = z.object({ id: z.string(), name: z.string() });
const room = z.looseObject({ id: z.string(), topic: z.string(), members: z.array(person) });
const message = z.looseObject({
  id: z.string(),
  from: z.string(),
  kind: z.string(),
  at: z.int().describe('Epoch milliseconds.'),
});
const state = z.looseObject({});

type Short = Pick<Described, 'id' | 'method' | 'path' | 'summary'> & Partial<Described>;

const routes: Short[] = [
  { id: 'simulatorView', method: 'get', path: '', summary: 'The simulated phone', answer: state },
  {
    id: 'simulatorScan',
    method: 'post',
    path: '/scan',
    summary: 'Scan the QR code',
    body: scanSchema,
    answer: state,
  },
  {
    id: 'simulatorConfirm',
    method: 'post',
    path: '/confirm',
    summary: 'Confirm the login on the phone',
    answer: state,
  },
  {
    id: 'simulatorKick',
    method: 'post',
    path: '/kick',
    summary: 'WeChat ends the session',
    body: kickSchema,
    answer: state,
  },
  {
    id: 'simulatorRooms',
    method: 'get',
    path: '/rooms',
    summary: 'Every room',
    answer: z.object({ rooms: z.array(room) }),
  },
  {
    id: 'simulatorAddRoom',
    method: 'post',
    path: '/rooms',
    summary: 'Make a room',
    body: createRoomSchema,
    answer: room,
  },
  {
    id: 'simulatorRoom',
    method: 'get',
    path: '/rooms/{id}',
    summary: 'One room',
    params: one,
    answer: room,
  },
  {
    id: 'simulatorChangeRoom',
    method: 'patch',
    path: '/rooms/{id}',
    summary: 'Rename it, let members come and go',
    params: one,
    body: changeRoomSchema,
    answer: room,
  },
  {
    id: 'simulatorSay',
    method: 'post',
    path: '/rooms/{id}/say',
    summary: 'A member speaks',
    params: one,
    body: saySchema,
    answer: message,
  },
  {
    id: 'simulatorRoomMessages',
    method: 'get',
    path: '/rooms/{id}/messages',
    summary: 'Everything the room has seen, in order',
    params: one,
    query: messagesQuery,
    answer: z.object({ messages: z.array(message) }),
  },
  {
    id: 'simulatorContacts',
    method: 'get',
    path: '/contacts',
    summary: 'Friends of the account',
    answer: z.object({ contacts: z.array(person) }),
  },
  {
    id: 'simulatorAddContact',
    method: 'post',
    path: '/contacts',
    summary: 'Make a friend',
    body: createContactSchema,
    answer: person,
  },
  {
    id: 'simulatorSayPrivately',
    method: 'post',
    path: '/contacts/{id}/say',
    summary: 'A friend speaks',
    params: one,
    body: sayPrivatelySchema,
    answer: message,
  },
  {
    id: 'simulatorContactMessages',
    method: 'get',
    path: '/contacts/{id}/messages',
    summary: 'Everything said privately, in order',
    params: one,
    query: messagesQuery,
    answer: z.object({ messages: z.array(message) }),
  },
  {
    id: 'simulatorFaults',
    method: 'get',
    path: '/faults',
    summary: 'Faults that are ordered',
    answer: z.object({ faults: z.array(state) }),
  },
  {
    id: 'simulatorAddFault',
    method: 'post',
    path: '/faults',
    summary: 'Order a fault: delay, hang, error, lost answer, duplicate, stream death …',
    body: faultSchema,
    answer: state,
  },
  {
    id: 'simulatorClearFaults',
    method: 'delete',
    path: '/faults',
    summary: 'Take them back',
    answer: z.object({ faults: z.array(state) }),
  },
];

/** The part of the OpenAPI document that describes the simulated WeChats. */
export function simulatorOpenApi(): OpenApiPart {
  return {
    tags: [
      { name: 'simulator', description: 'Outside controls of bots whose driver is `simulator`.' },
    ],
    paths: pathsOf(
      routes.map((route) => ({
        tag: 'simulator',
        security: [],
        params: bot,
        status: 200,
        refusals: [...(route.body === undefined ? [] : [400]), 404],
        ...route,
        path: `/simulator/{botcode}${route.path}`,
      })),
    ),
  };
}
