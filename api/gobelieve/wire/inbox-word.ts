/** What a connection has been told of the inboxes that it follows. */
export class InboxWord {
  /** Inbox that is being read out: 0 the own, else a super group's; -1: none. */
  #reading = -1;
  /** The newest place of that inbox that was told of meanwhile. */
  #newest = 0;
  /** Oldest place of the own inbox that this connection was told of, or will be; 0: none yet. */
  #oldest = 0;

  /** @returns whether it is only noted, because that inbox is being read out */
  note(inbox: number, seq: number): boolean {
    if (inbox === 0 && this.#oldest === 0) this.#oldest = seq;
    if (this.#reading !== inbox) return false;
    this.#newest = Math.max(this.#newest, seq);
    return true;
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
