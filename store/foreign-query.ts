/** What a statement of somebody else's database answers. */
export interface ForeignRows {
  rows: Record<string, unknown>[];
  /** There were more than asked for. */
  truncated: boolean;
}

export type ForeignParam = string | number | null;

export interface ForeignQuery {
  sql: string;
  params: readonly ForeignParam[];
  maxRows: number;
  timeoutMs: number;
}

/** A statement that failed, for a reason its author may read. */
export class ForeignFault extends Error {
  /** SQLSTATE, or what Node calls a connection that failed. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}
