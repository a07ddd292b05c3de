import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PictureSpec } from '../../bot/reports/pictures/picture-spec.ts';
import { Pictures } from '../../bot/reports/pictures/pictures.ts';
import { createLogger } from '../../config/logger.ts';
import { samples } from '../pictures/samples.ts';

const rounds = 100;
let serial = 0;
/** Another title each time: nothing is answered from memory. */
const fresh = (spec: PictureSpec): PictureSpec => ({ ...spec, subtitle: `第 ${serial++} 次` });

/** How long pictures take, and what the thread that everything else runs on notices of it. */
export async function benchPictures(): Promise<void> {
  const pictures = new Pictures({ logger: createLogger('warn') });
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-'));
  const before = process.memoryUsage().rss;
  try {
    const cold = await timed(() => pictures.render(fresh(samples.table)));
    const chart = await timed(() => pictures.render(fresh(samples.chart)));
    print(`first picture ${ms(cold)} (thread, fonts, emoji), first chart ${ms(chart)} (ECharts)`);
    const quiet = await loopDelay(() => new Promise((resolve) => setTimeout(resolve, 3000)));
    print(`event loop, idle: p99 ${ms(quiet.p99)}, max ${ms(quiet.max)}`);
    print(`\n${rounds} of each, one after another, warm:`);
    const sync = await open(join(folder, 'wal'), 'w');
    for (const name of ['table', 'wrapped', 'chart', 'pie', 'html', 'long'] as const) {
      const took: number[] = [];
      const syncs: number[] = [];
      let busy = true;
      // What a commit waits for runs in the same pool of threads.
      const syncing = (async () => {
        while (busy) {
          await sync.write('x'.repeat(4096), 0);
          syncs.push(await timed(() => sync.datasync()));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })();
      let pages = 0;
      const delay = await loopDelay(async () => {
        for (let round = 0; round < rounds; round += 1) {
          took.push(
            await timed(async () => {
              pages = (await pictures.render(fresh(samples[name]))).length;
            }),
          );
        }
      });
      busy = false;
      await syncing;
      print(
        `${name.padEnd(8)} ${pages} picture(s): p50 ${ms(at(took, 0.5))}, p95 ${ms(at(took, 0.95))}; ` +
          `event loop p99 ${ms(delay.p99)}, max ${ms(delay.max)}; sync p99 ${ms(at(syncs, 0.99))}`,
      );
    }
    await sync.close();
    const known = fresh(samples.table);
    await pictures.render(known);
    print(`\nfrom memory: ${ms(await timed(() => pictures.render(known)))}`);
    const together = await loopDelay(async () => {
      await Promise.all(Array.from({ length: 50 }, () => pictures.render(fresh(samples.table))));
    });
    print(`50 at once: ${ms(together.took)}; event loop max ${ms(together.max)}`);
    const rows = Array.from({ length: 400 }, (_, index) => Array(8).fill(`值${index}`));
    const columns = Array.from({ length: 8 }, (_, index) => ({ label: `列${index}` }));
    const largest = await loopDelay(async () => {
      await pictures.render({ columns, rows });
    });
    print(`largest table, 400 × 8: ${ms(largest.took)}; event loop max ${ms(largest.max)}`);
    const rss = (process.memoryUsage().rss - before) / 1_048_576;
    print(`memory: ${rss.toFixed(0)} MB more than before the first picture`);
  } finally {
    await pictures.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function loopDelay(
  work: () => Promise<unknown>,
): Promise<{ p99: number; max: number; took: number }> {
  const resolution = 1;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  const took = await timed(work);
  histogram.disable();
  // What it measures holds the timer's own time.
  const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
  return { took, p99: delay(histogram.percentile(99)), max: delay(histogram.max) };
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
