import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KillOptions, seeded } from './kill.ts';
import { Seen } from './ledger.ts';
import { auditReports, type Wish } from './report-audit.ts';
import { type ReportStep, reportSteps } from './report-steps.ts';
import { readyUrl, said, spawnNode } from './spawned.ts';

export interface ReportKillReport {
  kills: number;
  atSteps: Record<string, number>;
  atRandom: number;
  /** Sends for later that were promised. */
  wished: number;
  /** Runs by state at the end. */
  runs: Record<string, number>;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

/** The daemon as users run it; or reports alone, which start in a fraction of the time. */
type Kind = 'whole' | 'alone';

const botcode = 'bot01';
/** Reports that fire every second: words alone, and of a source that can see them die. */
const names = ['words', 'rows'];

/**
 * Kills a daemon whose reports fire every second, at every named step and at random, starts it again
 * each time, and compares the ledger with what was sent and with what WeChat saw.
 */
export async function runReportKills(
  options: KillOptions & { whole: boolean },
): Promise<ReportKillReport> {
  const random = seeded(options.seed);
  const kind = options.whole ? 'whole' : 'alone';
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-report-'));
  const seen = new Seen();
  const wishes: Wish[] = [];
  const report: ReportKillReport = {
    ...{ kills: 0, atSteps: {}, atRandom: 0, wished: 0, runs: {}, broken: [] },
  };
  const source = new Source();
  try {
    const config = writeConfig(folder, await source.start());
    await firstLife(config, kind);
    for (let kill = 0; kill < options.times && report.broken.length <= 20; kill += 1) {
      const at = kill % (reportSteps.length + 1);
      const step = reportSteps[at];
      await life(config, kind, step, random, { source, wishes, report });
      if (report.kills % 10 === 0)
        options.print(JSON.stringify({ ...report, broken: report.broken.length }));
    }
    await lastLife(config, kind, folder);
    seen.read(folder, [botcode]);
    const { broken, runs } = auditReports(folder, names, seen, wishes);
    report.broken.push(...broken);
    report.runs = runs;
    report.wished = wishes.length;
    return report;
  } finally {
    source.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the rows of a report come from. */
class Source {
  onAsked: (() => boolean) | undefined;
  readonly #server: Server = createServer((_request, response) => {
    if (this.onAsked?.() === true) return;
    response.end('[{"n":1}]');
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

interface Parts {
  source: Source;
  wishes: Wish[];
  report: ReportKillReport;
}

/** Somebody scans; from now on every life logs in by itself. */
async function firstLife(config: string, kind: Kind): Promise<void> {
  const victim = await start(config, kind, []);
  for (let tries = 0; tries < 200; tries += 1) {
    await fetch(`${victim.url}/simulator/${botcode}/scan`, { method: 'POST' });
    if ((await fetch(`${victim.url}/simulator/${botcode}/confirm`, { method: 'POST' })).ok) break;
    await pause(25);
  }
  victim.child.kill('SIGTERM');
  await victim.ended;
}

async function life(
  config: string,
  kind: Kind,
  step: ReportStep | undefined,
  random: () => number,
  { source, wishes, report }: Parts,
): Promise<void> {
  const count = 1 + Math.floor(random() * 2);
  const inVictim = step === undefined || step === 'source' ? [] : [step, String(count)];
  const victim = await start(config, kind, inVictim);
  const die = (): void => {
    victim.child.kill('SIGKILL');
  };
  const limitMs = step === undefined ? 100 + random() * 900 : 6000;
  const limit = setTimeout(die, limitMs);
  if (step === 'source') {
    source.onAsked = () => {
      die();
      return true;
    };
  }
  const began = performance.now();
  if (victim.url !== '') await wish(victim.url, wishes);
  await victim.ended;
  clearTimeout(limit);
  source.onAsked = undefined;
  report.kills += 1;
  if (step !== undefined && performance.now() - began < limitMs) {
    report.atSteps[step] = (report.atSteps[step] ?? 0) + 1;
  } else report.atRandom += 1;
}

/** No more kills: what is open comes to its end. */
async function lastLife(config: string, kind: Kind, folder: string): Promise<void> {
  const victim = await start(config, kind, []);
  const begin = Date.now();
  for (let rounds = 0; rounds < 100; rounds += 1) {
    await pause(200);
    const { open } = auditReports(folder, names, undefined, [], begin);
    if (open === 0) break;
  }
  victim.child.kill('SIGTERM');
  await victim.ended;
}

let wished = 0;

/** Asks for some sends in a moment; only what was answered is promised. */
async function wish(url: string, wishes: Wish[]): Promise<void> {
  try {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username: 'admin', password: 'fault' });
    const session = await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body });
    const { token } = (await session.json()) as { token: string };
    for (const delay of [50, 400, 1200]) {
      // What was asked for and not answered may come as well: it is another one.
      wished += 1;
      const text = `later ${wished}`;
      const response = await fetch(`${url}/api/v1/scheduled-sends`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${token}` },
        body: JSON.stringify({ botcode, roomTopic: '测试群', text, at: Date.now() + delay }),
      });
      if (response.status !== 201) continue;
      const { id } = (await response.json()) as { id: number };
      wishes.push({ id, text });
    }
  } catch {
    // It died meanwhile: that is what this is about.
  }
}

async function start(
  config: string,
  kind: Kind,
  args: string[],
): Promise<{ child: ChildProcess; url: string; ended: Promise<void> }> {
  const program = join(import.meta.dirname, 'report-victim.ts');
  const spawned = spawnNode([program, config, kind, ...args]);
  // What was left over may kill it before it is ready.
  const [url = ''] = (await said(spawned, readyUrl, args.length > 0)) ?? [];
  return { ...spawned, url };
}

function writeConfig(folder: string, url: string): string {
  const file = join(folder, 'config.json');
  const common = {
    ...{ expr: '* * * * * *', misfire: 'run_all', overlap: 'allow', deliverWithinSeconds: 3600 },
    ...{ pauseAfterFailures: 0, targets: [{ botcode, roomTopic: '测试群' }] },
  };
  const reports = [
    { ...common, name: 'words', text: 'words' },
    { ...common, name: 'rows', source: { type: 'http', url }, text: 'rows {{ slot }} {{ count }}' },
  ];
  const config = {
    ...{ http: { port: 0 }, dataDir: folder, admin: { password: 'fault' }, log: 'error' },
    ...{ channels: [], bots: [{ botcode, driver: 'simulator', autoScan: false }], reports },
    pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
    fetch: { allow: ['127.0.0.1'] },
    // Nobody asks it anything here.
    chatbot: { enabled: false, starter: false },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
