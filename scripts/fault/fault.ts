import { parseArgs } from 'node:util';
import { runImKills } from './im-kill.ts';
import { runKills } from './kill.ts';

const usage = `npm run fault -- kill|im [--times N] [--seed S]

kill: kills a daemon under load with SIGKILL, at random moments and at every named step, starts it
again each time and compares what was promised with what is there.
im: the same with users who talk and groups that change, at random moments and transactions.
Exit code 1 when a promise was broken.
`;

const harnesses = {
  kill: runKills,
  im: (options: Parameters<typeof runKills>[0]) => runImKills({ ...options, whole: true }),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [name] = positionals;
if (name !== 'kill' && name !== 'im') {
  process.stderr.write(usage);
  process.exit(2);
}
const report = await harnesses[name]({
  times: Number(values.times),
  seed: Number(values.seed),
  print: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exit(report.broken.length === 0 ? 0 : 1);
