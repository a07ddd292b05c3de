/** What a connection has been told of the inboxes that it follows. */
export class InboxWord {
  /** Inbox that is being read out: 0 the own, else a super group's; -1: none. */
  #reading = -1;
  /** The newest place of that inbox that was told of meanwhile. */
  #newest = 0;
  /** The newest places that this connection was told of: of the own inbox, and of super groups. */
  #told = 0;
  #toldOfGroups: Map<number, number> | undefined;
  /** The own inbox was asked for. */
  #asked = false;
  /** Oldest place of the own inbox that this connection was told of, or will be; 0: none yet. */
  #oldest = 0;

  /** @returns whether it is only noted, because that inbox is being read out */
  note(inbox: number, seq: number): boolean {
    if (inbox === 0 && this.#oldest === 0) this.#oldest = seq;
    this.tell(inbox, seq);
    if (this.#reading !== inbox) return false;
    this.#newest = Math.max(this.#newest, seq);
    return true;
  }

  /** That there is this place, and so all before it. */
  tell(inbox: number, seq: number): void {
    if (inbox === 0) this.#told = Math.max(this.#told, seq);
    else {
      this.#toldOfGroups ??= new Map();
      this.#toldOfGroups.set(inbox, Math.max(this.#toldOfGroups.get(inbox) ?? 0, seq));
    }
  }

  /** The newest place of which it is known here that there is one. */
  told(inbox: number): number {
    return inbox === 0 ? this.#told : (this.#toldOfGroups?.get(inbox) ?? 0);
  }

  /** @returns whether the own inbox is asked for the first time */
  isFirst(): boolean {
    const first = !this.#asked;
    this.#asked = true;
    return first;
  }

  begin(inbox: number): void {
    this.#reading = inbox;
    this.#newest = 0;
  }

  /** @returns the newest place that was told of meanwhile, 0 when there was none */
  end(): number {
    const newest = this.#newest;
    this.#reading = -1;
    this.#newest = 0;
    return newest;
  }

  /** The own inbox was given out up to here: what follows is owed. */
  given(end: number): void {
    this.tell(0, end);
    if (this.#oldest === 0) this.#oldest = end + 1;
  }

  /**
   * Where key 0 begins: where the user has confirmed, but never behind what this connection was
   * told of. Another device of the user may have confirmed that meanwhile.
   */
  start(confirmed: number): number {
    return this.#oldest === 0 ? confirmed : Math.min(confirmed, this.#oldest - 1);
  }
}
