/**
 * Ends the process at once, whatever its threads do. `process.exit` waits for a thread that is inside
 * SQLite, which may write gigabytes there; what is on the disk is whole at each moment, as after a kill.
 * Another program in the place of this one leaves with a code of its own, where a signal to ourselves
 * would count as a crash, and as the first process of a container would not arrive.
 */
export function leave(code: 0 | 1): never {
  try {
    process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {});
  } catch {
    // Not on this system: later, then.
  }
  process.exit(code);
}
