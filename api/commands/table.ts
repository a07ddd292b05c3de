import { answers } from './answers.ts';
import { type Command, command, question, sending } from './call.ts';
import * as examples from './examples.ts';
import { botStatus, login, logout } from './login.ts';
import { botQueue, msgCancel, msgStatus, roomList } from './messages.ts';
import * as schema from './schema.ts';
import { sendCard, sendImage, sendText, sendTextToContact } from './send.ts';

/**
 * Every command: its name (which is also the right to it, in a channel's `commands`), the schema
 * of its reqBody, what it answers, and what does it.
 */
export const commandTable: readonly Command[] = [
  command({
    name: 'login',
    summary: 'Start the bot and log in; QR code and login come as events',
    body: schema.nothing,
    answer: answers.done,
    example: examples.login,
    run: login,
  }),
  command({
    name: 'webLogin',
    summary: 'The same as login',
    body: schema.nothing,
    answer: answers.done,
    example: examples.login,
    run: login,
  }),
  command({
    name: 'macLogin',
    summary: 'The same as login',
    body: schema.nothing,
    answer: answers.done,
    example: examples.login,
    run: login,
  }),
  command({
    name: 'logout',
    summary: 'Log the account out and forget its session',
    body: schema.nothing,
    answer: answers.done,
    example: examples.login,
    run: logout,
  }),
  question({
    name: 'botStatus',
    summary: 'Whether the bot is logged in, and what the operator should do',
    body: schema.nothing,
    answer: answers.botStatus,
    example: examples.botStatus,
    run: botStatus,
  }),
  sending({
    name: 'roomSendText',
    summary: 'Send a text into a room',
    body: schema.roomSendText,
    plain: schema.plainRoomText,
    answer: answers.sent,
    example: examples.roomSendText,
    run: sendText,
  }),
  sending({
    name: 'roomSendApp',
    summary: 'Send a mini-program card into a room',
    body: schema.roomSendApp,
    answer: answers.sent,
    example: examples.roomSendApp,
    run: sendCard,
  }),
  sending({
    name: 'roomSendImg',
    aliases: ['roomSendImage'],
    summary: 'Send a picture into a room',
    body: schema.roomSendImg,
    answer: answers.sent,
    example: examples.roomSendImg,
    run: sendImage,
  }),
  sending({
    name: 'contactSendText',
    summary: 'Send a text to a person',
    body: schema.contactSendText,
    answer: answers.sent,
    example: examples.contactSendText,
    run: sendTextToContact,
  }),
  question({
    name: 'roomList',
    summary: 'The rooms the bot is in',
    body: schema.nothing,
    answer: answers.roomList,
    example: examples.roomList,
    run: roomList,
  }),
  question({
    name: 'msgStatus',
    summary: 'What became of a message',
    body: schema.oneMessage,
    answer: answers.msgStatus,
    example: examples.msgStatus,
    run: msgStatus,
  }),
  command({
    name: 'msgCancel',
    summary: 'Cancel a message that has not left',
    body: schema.oneMessage,
    answer: answers.sent,
    example: examples.msgCancel,
    run: msgCancel,
  }),
  question({
    name: 'botQueue',
    summary: 'How long the queue of the bot is, and when a message will leave',
    body: schema.botQueue,
    answer: answers.botQueue,
    example: examples.botQueue,
    run: botQueue,
  }),
];

/** By name and alias. */
export const commandsByName: ReadonlyMap<string, Command> = new Map(
  commandTable.flatMap((line) => [line.name, ...line.aliases].map((name) => [name, line] as const)),
);
