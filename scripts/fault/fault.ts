import { parseArgs } from 'node:util';
import { runKills } from './kill.ts';

const usage = `npm run fault -- kill [--times N] [--seed S]

Kills a daemon under load with SIGKILL, at random moments and at every named step, starts it again
each time and compares what was promised with what is there. Exit code 1 when a promise was broken.
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
if (positionals[0] !== 'kill') {
  process.stderr.write(usage);
  process.exit(2);
}
const report = await runKills({
  times: Number(values.times),
  seed: Number(values.seed),
  print: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exit(report.broken.length === 0 ? 0 : 1);
