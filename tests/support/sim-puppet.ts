import { createHash, randomUUID } from 'node:crypto';
import type { FileBoxInterface } from 'file-box';
import * as PUPPET from 'wechaty-puppet';
import { SimAccount } from './sim-account.ts';
import type { SimFault, SimTarget } from './sim-faults.ts';
import type { SimSeen } from './sim-types.ts';

export type { SimPuppetOptions, SimSeen } from './sim-types.ts';

/**
 * A simulated account among rooms and contacts: sends get ids and come back as echoes, and what was
 * said is kept for tests to look at.
 */
export class SimPuppet extends SimAccount {
  readonly seen: SimSeen[] = [];

  /** For tests that reach in from another process. */
  addFault(fault: SimFault): void {
    this.faults.add(fault);
  }

  /** Whether a fault is still to happen. */
  waits(target: SimTarget): boolean {
    return this.faults.waits(target);
  }

  /** What was seen in a chat, oldest first. */
  seenIn(chatId: string): SimSeen[] {
    return this.seen.filter((one) => one.chatId === chatId);
  }

  addContact(name: string): string {
    return this.mocker.createContact({ name, alias: '', friend: true }).id;
  }

  addRoom(
    topic: string,
    members: string[],
  ): { id: string; members: { id: string; name: string }[] } {
    const people = members.map((name) => {
      const contact = this.mocker.createContact({ name, alias: '', friend: false });
      return { id: contact.id, name };
    });
    const id = `${randomUUID()}@chatroom`;
    this.mocker.createRoom({
      id,
      topic,
      memberIdList: [this.account.id, ...people.map((person) => person.id)],
    });
    if (this.isLoggedIn) {
      this.emit('room-join', {
        inviteeIdList: [this.account.id],
        inviterId: people[0]?.id ?? this.account.id,
        roomId: id,
        timestamp: Date.now(),
      });
    }
    return { id, members: people };
  }

  rename(roomId: string, topic: string): void {
    this.mocker.RoomMock.load(roomId)
      .topic(topic)
      .by(this.mocker.ContactMock.load(this.account.id));
    void this.dirtyPayload(PUPPET.types.Payload.Room, roomId);
  }

  /** As WeChat often does: no event tells of it. */
  renameSilently(roomId: string, topic: string): void {
    this.mocker.RoomMock.load(roomId).payload.topic = topic;
  }

  say(
    fromId: string,
    chat: { roomId: string } | { contactId: string },
    text: string,
    mentionIds: string[] = [],
  ): void {
    const chatId = 'roomId' in chat ? chat.roomId : fromId;
    const id = this.#record(
      fromId,
      'roomId' in chat ? chat.roomId : undefined,
      PUPPET.types.Message.Text,
      {
        text,
        mentionIds,
      },
    );
    this.seen.push({ id, chatId, kind: 'text', self: false, text, mentionIds });
  }

  // Sends.

  override async messageSendText(
    to: string,
    text: string,
    mentionIds: string[] = [],
  ): Promise<void> {
    const id = await this.#send('text', to, PUPPET.types.Message.Text, { text, mentionIds });
    return id as unknown as undefined;
  }

  override async messageSendFile(to: string, file: FileBoxInterface): Promise<void> {
    const bytes = await file.toBuffer();
    const image = /\.(png|jpe?g|gif|webp)$/i.test(file.name);
    const id = await this.#send(
      'image',
      to,
      image ? PUPPET.types.Message.Image : PUPPET.types.Message.Attachment,
      { fileSha256: createHash('sha256').update(bytes).digest('hex') },
    );
    return id as unknown as undefined;
  }

  override async messageSendMiniProgram(
    to: string,
    card: PUPPET.payloads.MiniProgram,
  ): Promise<void> {
    const id = await this.#send('card', to, PUPPET.types.Message.MiniProgram, { card });
    return id as unknown as undefined;
  }

  override async messageMiniProgram(messageId: string): Promise<PUPPET.payloads.MiniProgram> {
    const card = this.seen.find(({ id }) => id === messageId)?.card;
    if (card === undefined) throw new Error('no such card');
    return card;
  }

  // Look-ups.

  override async contactList(): Promise<string[]> {
    this.#mustBeIn();
    return super.contactList();
  }

  override async roomList(): Promise<string[]> {
    this.#mustBeIn();
    await this.faults.actOut('rooms');
    return super.roomList();
  }

  #mustBeIn(): void {
    if (!this.isLoggedIn) throw new Error('not logged in');
  }

  /** A copy, as over a wire: what the server caches does not change by itself. */
  override async roomRawPayload(id: string): Promise<PUPPET.payloads.Room> {
    const payload = await super.roomRawPayload(id);
    return { ...payload, memberIdList: [...payload.memberIdList] };
  }

  async #send(
    target: 'text' | 'image' | 'card',
    to: string,
    type: PUPPET.types.Message,
    content: Pick<SimSeen, 'text' | 'card' | 'fileSha256' | 'mentionIds'>,
  ): Promise<string> {
    this.#mustBeIn();
    const aftermath = await this.faults.actOut(target);
    const room = /@chatroom$/.test(to);
    if (room) this.mocker.roomPayload(to);
    else this.mocker.contactPayload(to);
    const kind = { text: 'text', image: 'image', card: 'miniProgram' } as const;
    const isFile = type === PUPPET.types.Message.Attachment;
    const id = this.#record(this.account.id, room ? to : undefined, type, content, to);
    this.seen.push({
      id,
      chatId: to,
      kind: isFile ? 'file' : kind[target],
      self: true,
      ...content,
    });
    if (aftermath === 'lost-answer') await new Promise<never>(() => {});
    if (aftermath === 'late-error') throw new Error('socket hang up');
    return id;
  }

  /** Keeps the message and tells of it, as real puppets do for everything the account sees. */
  #record(
    talkerId: string,
    roomId: string | undefined,
    type: PUPPET.types.Message,
    content: { text?: string; mentionIds?: string[] },
    listenerId = this.account.id,
  ): string {
    const base = {
      id: randomUUID(),
      talkerId,
      timestamp: Date.now(),
      type,
      text: content.text ?? '',
    };
    this.mocker.cacheMessagePayload.set(
      base.id,
      roomId === undefined
        ? { ...base, listenerId }
        : { ...base, roomId, mentionIdList: content.mentionIds ?? [] },
    );
    setImmediate(() => this.emit('message', { messageId: base.id }));
    return base.id;
  }
}
