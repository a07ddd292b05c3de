import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const zone = 'America/New_York';
const nine = '2026-11-22T14:00:00.000Z';

/** What a spelling is read as, with the report in New York; null: it is no time. */
const spellings: Record<string, string | null> = {
  '2026-11-22T09:00': nine,
  '2026-11-22 9:00': nine,
  ' 2026/11/22 09:00:00 ': nine,
  '2026.11.22 09:00': nine,
  '2026-11-22 09:00:00.5': '2026-11-22T14:00:00.500Z',
  '2026-11-22T09:00:00,123456': '2026-11-22T14:00:00.123Z',
  '2026-11-22': '2026-11-22T05:00:00.000Z',
  '2026.3.1': '2026-03-01T05:00:00.000Z',
  '2026-11-22T14:00Z': nine,
  '2026-11-22t14:00:00z': nine,
  '2026/11/22 22:00:00+08:00': nine,
  '2026-11-22 22:00:00.000+08': nine,
  '2026-11-22 22:00:00 +0800': nine,
  'Sun, 22 Nov 2026 14:00:00 GMT': nine,
  '22 Nov 2026 22:00 +0800': nine,
  // No day or time of any calendar or clock.
  '2026-02-30': null,
  '2026-02-30T09:00Z': null,
  '2026-02-30 09:00:00+08:00': null,
  '30 Feb 2026 09:00:00 GMT': null,
  '22 Foo 2026 09:00:00 GMT': null,
  '2026-13-01 09:00': null,
  '2026-11-22 25:00': null,
  '2026-11-22 09:60Z': null,
  '2026-11-22 09:00+25:00': null,
  // Which number is the day, or which zone is meant, would be guesses.
  '11/22/2026 09:00': null,
  '2026-11/22': null,
  '22 Nov 2026 09:00': null,
  'Nov 22, 2026': null,
  '2026-11-22 09:00:00 AM': null,
  '2026-11': null,
  '20261122': null,
  '5': null,
  '': null,
  today: null,
};

// Each in a process of its own, since a zone that is changed later counts only here and there.
test.each(['UTC', 'Asia/Shanghai', 'Pacific/Kiritimati'])(
  'spellings of times mean the same in a process that runs in %s',
  (TZ) => {
    const module = join(import.meta.dirname, 'cells.ts');
    const program = `
      const { timeText, cellText } = await import(${JSON.stringify(module)});
      const { momentOf } = await import(${JSON.stringify(module.replace('cells', 'moments'))});
      const { Templates } = await import(${JSON.stringify(module.replace('cells', 'templates'))});
      const said = new Templates({ zone: '${zone}', language: 'en' });
      const read = ${JSON.stringify(Object.keys(spellings))}.map((text) => {
        const at = momentOf(text, '${zone}');
        return [text, Number.isNaN(at) ? null : new Date(at).toISOString()];
      });
      const words = ['11/22/2026 09:00', '30 Feb 2026', '2026-02-30T09:00Z', '2026.11.22 09:00'].map(
        (text) => [
          said.render('{{ x | moment }}|{{ x | weekday }}|{{ x | date: "%d %H" }}', { x: text }),
          said.render('{{ x | date_to_xmlschema }}', { x: text }),
          cellText(text, { key: 'x', kind: 'date', show: 'datetime' }, { zone: '${zone}', language: 'en' }),
        ],
      );
      console.log(JSON.stringify({ read: Object.fromEntries(read), words }));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    });
    const { read, words } = JSON.parse(out) as Record<string, unknown>;
    expect(read).toEqual(spellings);
    const asIs = (text: string) => [`||${text}`, text, text];
    expect(words).toEqual([
      ...['11/22/2026 09:00', '30 Feb 2026', '2026-02-30T09:00Z'].map(asIs),
      ['2026-11-22 09:00|Sunday|22 09', '2026-11-22T09:00:00-05:00', '2026-11-22 09:00'],
    ]);
  },
);
