import { readEnv } from '../config/env.ts';
import { runCli } from './cli/main.ts';

// `wxrc … | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runCli(process.argv.slice(2), readEnv(), {
  out: process.stdout,
  err: process.stderr,
});
// Negative: the daemon was started and runs on.
if (code >= 0) process.exitCode = code;
