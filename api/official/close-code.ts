/** Codes with which a socket is closed; from 4000 on they are ours. */
export const CloseCode = {
  stopping: 1001,
  binary: 1003,
  policy: 1008,
  failed: 1011,
  slow: 1013,
  silent: 4001,
} as const;
