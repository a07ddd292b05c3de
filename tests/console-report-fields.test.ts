import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';

let scene: ConsoleScene;
let admin: AdminClient;

/** The only ones that the calendar names. */
const days = [10, 12].map((ahead) =>
  new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10),
);
/** Every field that a report may have, none of them as it would be without. */
const whole = {
  name: 'whole',
  title: 'All of it',
  enabled: false,
  kind: 'cron',
  expr: '0 9 * * *',
  zone: 'Europe/Berlin',
  start: '2026-01-01',
  end: '2036-01-01T09:00',
  jitterSeconds: 7,
  calendar: { file: 'cn.txt', days: 'none' },
  misfire: 'run_all',
  graceSeconds: 61,
  overlap: 'allow',
  deliverWithinSeconds: 62,
  pauseAfterFailures: 3,
  timeoutSeconds: 63,
  source: { type: 'builtin', name: 'queues', days: 2, limit: 9 },
  sendIf: 'count > 0',
  output: 'both',
  text: 'words',
  columns: [
    { key: 'a', label: '甲', kind: 'number', align: 'left', decimals: 2 },
    { key: 'b', kind: 'delta', percent: true },
    { key: 'c', kind: 'date', show: 'datetime' },
  ],
  chart: { type: 'bar', x: 'a', y: ['b'], by: 'c', stacked: true, title: 'Sales' },
  theme: 'dark',
  footer: 'below',
  mentions: ['Zhang, San', '李四'],
  targets: [{ botcode: 'bot02', roomTopic: '测试群', mentions: ['王五'] }],
};

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  const folder = join(scene.running.dataDir, 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cn.txt'), days.map((day) => `${day} work\n`).join(''));
  writeFileSync(join(folder, 'bad.txt'), 'tomorrow off\n');
}, 60_000);
afterAll(() => scene.close());

const settingsOf = async (name: string) =>
  (await admin.ok('GET', `/schedules/${name}`)).body['settings'] as Record<string, unknown>;

async function opened(name?: string) {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/schedules${name === undefined ? '' : `/${name}`}`);
  await page
    .getByRole('button', { name: name === undefined ? 'New report' : 'Edit', exact: true })
    .click();
  const form = page.locator('dialog form');
  await form.waitFor();
  return { page, form, close };
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

const column = (form: Locator, n: number) => form.getByRole('group', { name: `Column ${n}` });

test('every field can be written, is kept, and stays when another one is touched', {
  timeout: 60_000,
}, async () => {
  const { page, form, close } = await opened();
  const write = (label: string | RegExp, value: string) => form.getByLabel(label).fill(value);
  const choose = (label: string, value: string) =>
    form.getByLabel(label, { exact: true }).selectOption(value);
  await write('Name', whole.name);
  await write('Title', whole.title);
  await write('When *', whole.expr);
  await write(/^Zone/, whole.zone);
  await choose('Calendar', 'file');
  await write('File of the calendar', whole.calendar.file);
  await choose('Days it does not name', 'none');
  await write(/^Settings of the source/, JSON.stringify(whole.source));
  await write(/^Send if/, whole.sendIf);
  await choose('Output', 'both');
  for (const [at, one] of whole.columns.entries()) {
    await form.getByRole('button', { name: 'Add a column' }).click();
    const row = column(form, at + 1);
    await row.getByLabel('Column of the source').fill(one.key);
    if (one.label !== undefined) await row.getByLabel(/^Head/).fill(one.label);
    await row.getByLabel('Format').selectOption(one.kind);
    if (one.align !== undefined) await row.getByLabel('Alignment').selectOption(one.align);
    if (one.decimals !== undefined) await row.getByLabel('Decimals').fill(String(one.decimals));
    if (one.percent !== undefined) await row.getByLabel('Change as a percentage').check();
    if (one.show !== undefined) await row.getByLabel('Show').selectOption(one.show);
  }
  await write(/^Settings of the chart/, JSON.stringify(whole.chart));
  await choose('Theme of pictures', 'dark');
  await write(/^Footer/, whole.footer);
  await write(/^Text/, whole.text);
  await write(/^To /, 'bot02 测试群 @@王五');
  await write(/^@ whom/, '"Zhang, San", 李四');
  await form.locator('summary', { hasText: 'More' }).click();
  await write(/^From/, whole.start);
  await write(/^Until/, whole.end);
  await write('Put off by so many seconds', '7');
  await choose('When it was missed', 'run_all');
  await write('Seconds within which it makes up', '61');
  await choose('When the one before goes on', 'allow');
  await write('Seconds within which it must leave', '62');
  await write(/^Pause after/, '3');
  await write('Seconds it may take', '63');
  await form.getByLabel('On', { exact: true }).uncheck();
  // What its file says is in the preview: days that are named, and no others.
  await form.locator('ol', { hasText: `${days[1]} 09:00` }).waitFor();
  expect(await form.locator('ol li').count()).toBe(2);
  await save(page);
  expect(await settingsOf('whole')).toEqual(whole);
  await close();

  const again = await opened('whole');
  await again.form.getByLabel('Title').fill('Another');
  await save(again.page);
  expect(await settingsOf('whole')).toEqual({ ...whole, title: 'Another' });
  await again.close();
});

test('columns are moved, removed and added by the keyboard, which stays with them', {
  timeout: 60_000,
}, async () => {
  await admin.ok('POST', '/schedules', { ...whole, name: 'moved' });
  const { page, form, close } = await opened('moved');
  const focused = () => page.locator(':focus').getAttribute('aria-label');
  await form.getByRole('button', { name: 'Move up: Column 3' }).focus();
  await page.keyboard.press('Enter');
  expect(await column(form, 2).getByLabel('Column of the source').inputValue()).toBe('c');
  await expect.poll(focused).toBe('Move up: Column 2');
  await page.keyboard.press('Enter');
  // It is the first: there is no further up.
  await expect.poll(focused).toBe('Move down: Column 1');
  await form.getByRole('button', { name: 'Remove Column 3' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Remove Column 2');
  await form.getByRole('button', { name: 'Add a column' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('d');
  await save(page);
  const [a, , c] = whole.columns;
  expect(await settingsOf('moved')).toEqual({
    ...{ ...whole, name: 'moved' },
    columns: [c, a, { key: 'd' }],
  });
  await close();

  const none = await opened('moved');
  for (const _column of [1, 2, 3]) {
    await none.form.getByRole('button', { name: 'Remove Column 1' }).click();
  }
  await save(none.page);
  expect(await settingsOf('moved')).not.toHaveProperty('columns');
  await none.close();
});

test('bad values are told at their fields', { timeout: 60_000 }, async () => {
  await admin.ok('POST', '/schedules', { ...whole, name: 'faulty' });
  const { page, form, close } = await opened('faulty');
  const told = async (field: Locator): Promise<string> => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await form.locator('.field-error').waitFor();
    expect(await form.locator('.field-error').count()).toBe(1);
    expect(await field.isVisible()).toBe(true);
    const notes = await field.getAttribute('aria-describedby');
    return await page.locator(`[id="${notes}"] .field-error`).innerText();
  };
  const wrong = async (field: Locator, value: string): Promise<string> => {
    const before = await field.inputValue();
    await field.fill(value);
    const said = await told(field);
    await field.fill(before);
    return said;
  };
  expect(await wrong(column(form, 1).getByLabel('Decimals'), '9')).toContain('decimals');
  expect(await wrong(column(form, 1).getByLabel('Decimals'), 'two')).toContain('no whole number');
  expect(await wrong(column(form, 2).getByLabel(/^Head/), 'x'.repeat(201))).toContain('200');
  expect(await wrong(form.getByLabel(/^Footer/), '{% if %}')).toContain('template');
  expect(await wrong(form.getByLabel(/^To /), 'bot02 @@nobody')).toContain('cannot read');
  const source = form.getByLabel(/^Settings of the source/);
  expect(await wrong(source, '{"type": "file"}')).toContain('source.file');
  expect(await wrong(form.getByLabel(/^@ whom/), 'x'.repeat(257))).toContain('mentions');
  // Behind “more”, which opens.
  const details = form.locator('details', { hasText: 'From (optional)' });
  await details.locator('summary').click();
  const start = form.getByLabel(/^From/);
  await start.fill('soon');
  await details.locator('summary').click();
  expect(await told(start)).toContain('2026-03-01');
  await start.fill(whole.start);
  expect(await wrong(form.getByLabel('Put off by so many seconds'), '-1')).toContain('jitter');
  // What the file of a calendar says is read for the preview.
  await form.getByLabel('File of the calendar').fill('bad.txt');
  await form.locator('.note', { hasText: 'line 1: not like' }).waitFor();
  await close();
});

test('a report that is not kept is tried as it is written; one that is says how it runs, in one zone', async () => {
  const { page, form, close } = await opened();
  await form.getByLabel('Title').fill('Not kept');
  await form.getByLabel('Text (Liquid', { exact: false }).fill('{{ count }} rows of a draft');
  await form.getByLabel('Output').selectOption('text');
  await form.getByRole('button', { name: 'Dry run' }).click();
  await form
    .getByText(/\d rows of a draft/)
    .last()
    .waitFor();
  expect((await admin.call('GET', '/schedules/draft')).status).toBe(404);
  await admin.ok('POST', '/schedules', { ...whole, name: 'shown' });
  await page.goto(`${scene.running.url}/#/schedules/shown`);
  const facts = page.locator('main .facts').first();
  const fact = (name: string) => facts.locator('div', { hasText: name }).locator('dd').innerText();
  expect(await fact('When it was missed')).toBe('make up for all (24 at most)');
  expect(await fact('When the one before goes on')).toBe('run beside it');
  expect(await fact('Seconds within which it must leave')).toBe('62');
  expect(await fact('Send if')).toBe('count > 0');
  expect(await fact('Calendar')).toBe('cn.txt');
  await page.getByText('Zone Europe/Berlin').waitFor();
  expect(await facts.locator('time').count()).toBe(0);
  await close();
});
