import { parseArgs } from 'node:util';
import { runImKills } from './im-kill.ts';
import { runImbotKills } from './imbot-kill.ts';
import { runKills } from './kill.ts';
import { runOfficialKills } from './official-kill.ts';
import { runPushKills } from './push-kill.ts';
import { runReportKills } from './report-kill.ts';
import { runUploadKills } from './upload-kill.ts';

const usage = `npm run fault -- kill|im|imbot|official|pushes|report|uploads [--times N] [--seed S]

kill: kills a daemon under load with SIGKILL, at random moments and at every named step, starts it
again each time and compares what was promised with what is there.
im: the same with users who talk and groups that change, at random moments and transactions.
imbot: the same with people of the mini-program IM, who write, fetch and are told.
official: the same with pushes to sockets of the official-account component.
pushes: the same with what WeChat pushes, at random moments and transactions.
report: the same with reports that fire every second and sends for later, at random moments and at every step.
uploads: the same with files that are uploaded, again and again and broken off.
Exit code 1 when a promise was broken.
`;

type Options = Parameters<typeof runKills>[0];
const harnesses: Record<string, (options: Options) => Promise<{ broken: string[] }>> = {
  kill: runKills,
  im: (options) => runImKills({ ...options, whole: true }),
  imbot: (options) => runImbotKills({ ...options, whole: true }),
  official: (options) => runOfficialKills({ ...options, whole: true }),
  report: (options) => runReportKills({ ...options, whole: true }),
  pushes: (options) => runPushKills({ ...options, whole: true }),
  uploads: (options) => runUploadKills({ ...options, whole: true }),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [name = ''] = positionals;
const harness = harnesses[name];
if (harness === undefined) {
  process.stderr.write(usage);
  process.exit(2);
}
const report = await harness({
  times: Number(values.times),
  seed: Number(values.seed),
  print: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
process.exit(report.broken.length === 0 ? 0 : 1);
