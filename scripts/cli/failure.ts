import type { Text } from '../../bot/errors.ts';

/** Exit codes of every command; the help names them. */
export const exitCodes = {
  ok: 0,
  /** Refused or failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** No daemon answers. */
  noDaemon: 3,
  /** The database cannot be used as it lies there. */
  database: 74,
  /** The data directory is in use. */
  inUse: 75,
  /** No or no valid token. */
  noPermission: 77,
  /** The config is faulty. */
  config: 78,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message for its user. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  readonly text: Text;

  constructor(exitCode: ExitCode, text: Text) {
    super(text.en);
    this.exitCode = exitCode;
    this.text = text;
  }
}

export function usageFailure(zh: string, en: string): CliFailure {
  return new CliFailure(exitCodes.usage, { zh, en });
}
