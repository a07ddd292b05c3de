import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { AlarmSource, Trouble } from '../trouble.ts';
import { lasted } from '../words.ts';

export interface ClockSourceOptions {
  settings: () => AlarmSettings;
  /** How far the clock was set, and when; undefined: it never was. */
  stepped: () => { byMs: number; at: number } | undefined;
}

const minute = 60_000;
const hour = 60 * minute;
/** Further off than this, commands come near the edge of their window. */
const offMs = 2 * minute;
/** A step is news for so long. */
const stepMs = 10 * minute;
const askMs = 5000;

/** The clock was set by more than a moment; or, where somebody can be asked, it is wrong. */
export function clockSource({ settings, stepped }: ClockSourceOptions): AlarmSource {
  let askedAt: number | undefined;
  let off: number | undefined;
  return {
    name: 'clock',
    everyMs: minute,
    troubles: async (now) => {
      const { rules, timeUrl } = settings();
      if (!rules.clock.enabled) return [];
      const afterMs = rules.clock.afterSeconds * 1000;
      const found: Trouble[] = [];
      const step = stepped();
      if (step !== undefined && Math.abs(now - step.at) < stepMs) found.push(setBy(step, afterMs));
      if (timeUrl === undefined) return found;
      if (askedAt === undefined || Math.abs(now - askedAt) >= (off === undefined ? hour : minute)) {
        askedAt = now;
        const skew = await skewOf(timeUrl, now).catch(() => undefined);
        // Who does not answer says nothing of our clock.
        if (skew !== undefined) off = Math.abs(skew) > offMs ? skew : undefined;
      }
      if (off !== undefined) found.push(wrong(off, timeUrl, afterMs));
      return found;
    },
  };
}

function setBy({ byMs, at }: { byMs: number; at: number }, afterMs: number): Trouble {
  const [zh, en] = byMs < 0 ? ['拨慢', 'back'] : ['拨快', 'forward'];
  return {
    key: 'clock:set',
    kind: 'clock',
    subject: 'clock',
    stage: 1,
    afterMs,
    since: at,
    text: {
      zh: `系统时钟被${zh}了 ${lasted(Math.abs(byMs), 'zh')}`,
      en: `the clock was set ${en} by ${lasted(Math.abs(byMs), 'en')}`,
    },
  };
}

function wrong(skew: number, url: string, afterMs: number): Trouble {
  const { host } = new URL(url);
  return {
    key: 'clock:wrong',
    kind: 'clock',
    subject: 'clock',
    stage: 1,
    afterMs,
    text: {
      zh: `系统时钟与 ${host} 相差 ${lasted(Math.abs(skew), 'zh')}，签名命令会被拒绝`,
      en: `the clock is ${lasted(Math.abs(skew), 'en')} off ${host}: signed commands will be refused`,
    },
  };
}

/** How far the other clock is ahead of ours, which says `now`, in ms. */
function skewOf(url: string, now: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    const began = performance.now();
    const request = send(url, { method: 'HEAD', timeout: askMs }, (response) => {
      const { date } = response.headers;
      response.resume();
      // Whole seconds: half of one is in the middle.
      if (date === undefined) resolve(undefined);
      else resolve(Date.parse(date) + 500 - (now + (performance.now() - began) / 2));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}
