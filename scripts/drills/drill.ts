import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runLoadDrill } from './load-drill.ts';

const root = join(import.meta.dirname, '..', '..');

/** Drills that are tests as well: a process of the test runner, its outcome told. */
const tests: Record<string, { files: string[]; what: string }> = {
  'disk-full': {
    files: ['tests/disk-full.test.ts', 'tests/disk-full-sockets.test.ts'],
    what: 'a disk that fills up under load',
  },
  damage: {
    files: ['tests/database-damage.test.ts'],
    what: 'a torn or flipped log, a damaged database, a disk that can only be read',
  },
  clock: { files: ['tests/clock-back.test.ts'], what: 'the clock set back by a day' },
  restore: {
    files: ['tests/backup-drill.test.ts'],
    what: 'last night’s backup, restored for a trial',
  },
  alarms: {
    files: ['tests/alarms.test.ts', 'tests/alarms-machine.test.ts', 'tests/alarms-later.test.ts'],
    what: 'people told over every lane',
  },
};

const usage = `npm run drill -- NAME

${Object.entries(tests)
  .map(([name, { what }]) => `${name.padEnd(10)} ${what}`)
  .join('\n')}
load       ten times the normal load: --seconds N (default 600), --rate COMMANDS/S (default 50)

Exit code 1 when a promise was broken. Some need root, for a small disk of their own.
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '50' },
  },
});
const [name = ''] = positionals;
const test = tests[name];
if (name === 'load') {
  const report = await runLoadDrill({
    seconds: Number(values.seconds),
    rate: Number(values.rate),
    print: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exit(report.broken.length === 0 ? 0 : 1);
} else if (test === undefined) {
  process.stderr.write(usage);
  process.exit(2);
} else {
  const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [runner, 'run', ...test.files];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  child.on('close', (code) => process.exit(code ?? 1));
}
