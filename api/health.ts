import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import type { BotRegistry } from '../bot/automation/bots/bot-port.ts';
import { botStates } from '../bot/automation/bots/bot-state.ts';
import { version } from '../config/version.ts';
import type { Database, Tx } from '../store/database.ts';
import { sentence } from './sentence.ts';

export interface HealthOptions {
  db: Database;
  /** Writes about as much as a command does: on a full disk less might still find room. */
  probe: (tx: Tx) => Promise<void>;
  /** What is known to be wrong with it, though a row may find its place. */
  databaseFault: () => string | undefined;
  /** Free pages of the database may hold secrets in clear. */
  secretsLeft?: boolean;
  bots: Pick<BotRegistry, 'list'>;
  /** Aborted when the daemon stops. */
  stopping: AbortSignal;
  /** Accounts of WeChat's platform that get no access_token. */
  wechatFaults?: () => readonly { errcode: number }[];
  /** What is missing to draw pictures of reports. */
  pictureFaults?: () => readonly string[];
  /** What of the chatbot's config cannot be, and a model that rests. */
  chatbotFaults?: () => readonly string[];
  /** Why the config could not be read again, if that is so. */
  reloadFault?: () => string | undefined;
}

const part = z.object({
  ok: z.boolean(),
  /** English: for machines and their keepers. */
  detail: sentence.optional(),
});

export const readySchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  reasons: z.array(sentence).describe('Why it is not ready.'),
  warnings: z.array(sentence).describe('What an operator should look at; it works all the same.'),
  parts: z.object({
    process: part,
    database: part.extend({
      commitMs: z.number().optional().describe('A transaction, until it was on disk.'),
    }),
    config: part,
    wechat: part.describe('Whether every account gets its access_token.'),
    pictures: part.describe('Whether reports can be drawn: fonts and renderer.'),
    chatbot: part.describe('Whether its files and desks are there, and its model answers.'),
    bots: part.extend({
      total: z.int(),
      states: z.partialRecord(z.enum(botStates), z.int()).describe('How many are in each state.'),
    }),
  }),
});
export type Readiness = z.infer<typeof readySchema>;

export const liveSchema = z.object({
  status: z.literal('live'),
  version: z.string(),
  uptimeSeconds: z.int(),
});

/** A probe's answer counts for so long; one that takes longer than the deadline counts as failed. */
const probeKeptMs = 1000;
const probeDeadlineMs = 2000;

const secretsLeft = {
  ok: false,
  detail: 'secrets in clear may lie in free pages: make room (see the log), then restart',
};

interface Probe {
  at: number;
  commitMs: number | undefined;
  error: string | undefined;
}

/**
 * Ready means: commands are accepted and what is accepted is durable. A bot that is logged out is
 * reported, but its sends wait in the queue, so the daemon is ready all the same; so it is after a
 * reload that failed, as it goes on with the config before. Without a token there are numbers
 * only, no names.
 */
export class Health {
  readonly #options: HealthOptions;
  #probe: Promise<Probe> | undefined;
  #last: Probe | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Why the config could not be read again: for operators. */
  get reloadFault(): string | undefined {
    return this.#options.reloadFault?.();
  }

  async ready(): Promise<Readiness> {
    const { stopping } = this.#options;
    const probe = await this.#database();
    const databaseFault = this.#options.databaseFault() ?? probe.error;
    const fault = this.reloadFault;
    const bots = this.#bots();
    const parts: Readiness['parts'] = {
      process: stopping.aborted ? { ok: false, detail: 'stopping' } : { ok: true },
      database: {
        ok: databaseFault === undefined,
        ...(databaseFault !== undefined && { detail: databaseFault }),
        ...(probe.commitMs !== undefined && { commitMs: probe.commitMs }),
      },
      // What the fault is, with paths and values, is for operators only.
      config:
        fault === undefined
          ? { ok: true }
          : { ok: false, detail: 'could not be read again: the one before is in force' },
      wechat: this.#wechat(),
      pictures: this.#pictures(),
      chatbot: partOf(this.#options.chatbotFaults?.() ?? []),
      bots,
    };
    const reasons = told({ process: parts.process, database: parts.database });
    return {
      status: reasons.length === 0 ? 'ready' : 'not-ready',
      reasons,
      warnings: told({
        ...(this.#options.secretsLeft === true && { database: secretsLeft }),
        config: parts.config,
        wechat: parts.wechat,
        pictures: parts.pictures,
        chatbot: parts.chatbot,
        bots,
      }),
      parts,
    };
  }

  #wechat(): Readiness['parts']['wechat'] {
    const faults = this.#options.wechatFaults?.() ?? [];
    if (faults.length === 0) return { ok: true };
    const codes = [...new Set(faults.map(({ errcode }) => errcode))].join(', ');
    return { ok: false, detail: `accounts without access_token: ${faults.length} (${codes})` };
  }

  #pictures(): Readiness['parts']['pictures'] {
    return partOf(this.#options.pictureFaults?.() ?? []);
  }

  #bots(): Readiness['parts']['bots'] {
    const states: Partial<Record<(typeof botStates)[number], number>> = {};
    let down = 0;
    const views = this.#options.bots.list().map((bot) => bot.view());
    for (const { state } of views) {
      states[state] = (states[state] ?? 0) + 1;
      if (state !== 'ready' && state !== 'off') down += 1;
    }
    return {
      ok: down === 0,
      ...(down > 0 && { detail: `${down} of ${views.length} cannot send` }),
      total: views.length,
      states,
    };
  }

  /** One transaction that really writes, shared by all who ask at the same time. */
  async #database(): Promise<Probe> {
    if (this.#last !== undefined && performance.now() - this.#last.at < probeKeptMs) {
      return this.#last;
    }
    this.#probe ??= this.#ask().finally(() => {
      this.#probe = undefined;
    });
    this.#last = await this.#probe;
    return this.#last;
  }

  async #ask(): Promise<Probe> {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), probeDeadlineMs);
    });
    try {
      const commit = this.#options.db.transaction(async (tx) => {
        await this.#options.probe(tx);
        return 'done' as const;
      });
      commit.catch(() => {});
      const result = await Promise.race([commit, late]);
      const at = performance.now();
      const commitMs = Math.round((at - began) * 100) / 100;
      return result === 'done'
        ? { at, commitMs, error: undefined }
        : { at, commitMs: undefined, error: 'the disk does not answer' };
    } catch {
      return { at: performance.now(), commitMs: undefined, error: 'nothing can be written' };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** GET /live: the process turns its loop. GET /ready: 503 with the reasons when it is not. */
export function createHealthRouter(health: Health): Router {
  const router = new Router();
  router.get('/live', (ctx) => {
    const uptimeSeconds = Math.floor(process.uptime());
    answer(ctx, 200, { status: 'live', version, uptimeSeconds } satisfies z.infer<
      typeof liveSchema
    >);
  });
  router.get('/ready', async (ctx) => {
    const report = await health.ready();
    answer(ctx, report.status === 'ready' ? 200 : 503, report);
  });
  return router;
}

function answer(ctx: Context, status: number, body: object): void {
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.body = body;
}

function partOf(faults: readonly string[]): { ok: boolean; detail?: string } {
  return faults.length === 0 ? { ok: true } : { ok: false, detail: faults.join('; ') };
}

function told(parts: Record<string, { ok: boolean; detail?: string | undefined }>): string[] {
  return Object.entries(parts)
    .filter(([, { ok }]) => !ok)
    .map(([name, { detail }]) => `${name}: ${detail ?? 'not ok'}`);
}
