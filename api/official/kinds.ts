/** Codes of `result` beside those of the kinds. */
export const Code = {
  fault: -1,
  /** Our answer to what is pushed. */
  done: 100,
  heartbeat: 101,
  /** @NOTE the document writes this one as a text, and the others as numbers. */
  system: '102',
  /** Ours: a client confirms what it got. */
  ack: 103,
} as const;

/** What `msg_type` can be, and its code; from 1005 on they are ours. */
export const kindCodes = {
  text: 1001,
  image: 1002,
  voice: 1003,
  video: 1004,
  shortvideo: 1005,
  location: 1006,
  link: 1007,
  miniprogrampage: 1008,
  event: 1009,
} as const;
export type Kind = keyof typeof kindCodes;
export const kinds = Object.keys(kindCodes) as Kind[];

/** Kinds that the document does not have. */
export function isExtension(kind: Kind): boolean {
  return kindCodes[kind] > kindCodes.video;
}

export function kindOf(name: string): Kind | undefined {
  return kinds.find((kind) => kind === name);
}

export function kindOfCode(code: number | undefined): Kind | undefined {
  return kinds.find((kind) => kindCodes[kind] === code);
}

/** Whom system frames come from. */
export const system = { contactId: 'system01', name: '系统消息', kind: 'system' } as const;
