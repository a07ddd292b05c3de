/** At most this many names are kept of people outside rooms. */
const mostContacts = 5000;

/** Names of room members and contacts, so that a message costs no look-up of its sender. */
export class NameBook {
  readonly #rooms = new Map<string, Map<string, string>>();
  readonly #contacts = new Map<string, string>();

  /** What a person is called in a room, or, without one, as a contact. */
  nameOf(roomId: string | undefined, contactId: string): string | undefined {
    const inRoom = roomId === undefined ? undefined : this.#rooms.get(roomId)?.get(contactId);
    return inRoom ?? this.#contacts.get(contactId);
  }

  memberName(roomId: string, contactId: string): string | undefined {
    return this.#rooms.get(roomId)?.get(contactId);
  }

  setMember(roomId: string, contactId: string, name: string): void {
    const members = this.#rooms.get(roomId);
    if (members === undefined) this.#rooms.set(roomId, new Map([[contactId, name]]));
    else members.set(contactId, name);
  }

  setContact(contactId: string, name: string): void {
    this.#contacts.delete(contactId);
    this.#contacts.set(contactId, name);
    if (this.#contacts.size <= mostContacts) return;
    const [oldest] = this.#contacts.keys();
    if (oldest !== undefined) this.#contacts.delete(oldest);
  }

  forgetRoom(roomId: string): void {
    this.#rooms.delete(roomId);
  }

  forgetContact(contactId: string): void {
    this.#contacts.delete(contactId);
    for (const members of this.#rooms.values()) members.delete(contactId);
  }

  /** Members that left, and rooms that are gone, take no more memory. */
  keepMembers(roomId: string, ids: readonly string[]): void {
    const members = this.#rooms.get(roomId);
    if (members === undefined) return;
    const stay = new Set(ids);
    for (const id of members.keys()) if (!stay.has(id)) members.delete(id);
  }

  keepRooms(ids: readonly string[]): void {
    const stay = new Set(ids);
    for (const id of this.#rooms.keys()) if (!stay.has(id)) this.#rooms.delete(id);
  }

  clear(): void {
    this.#rooms.clear();
    this.#contacts.clear();
  }
}
