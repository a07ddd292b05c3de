import type { ReportingSettings, ReportSettings } from '../../config/report-schema.ts';
import { AppError, type Text } from '../errors.ts';
import type { Saying } from '../sayings.ts';
import { FolderFault, type Folders } from './folders.ts';
import { templateFault } from './template-faults.ts';
import { Templates } from './templates.ts';

/** Why a report cannot be made, ever, as it stands. */
export interface ReportFlaw {
  field: string;
  text: Text;
}

type Checked = Pick<
  ReportSettings,
  'title' | 'text' | 'footer' | 'sendIf' | 'source' | 'calendar' | 'targets'
>;
type Reach = Pick<ReportingSettings, 'databases' | 'secrets'>;

/** What to look at beside the report itself. */
export interface ReportPlace {
  reporting: Reach;
  folders: Folders;
  hasBot: (botcode: string) => boolean;
}

const secretName = /\{secret:([\w-]{1,64})\}/g;
const say = {
  template: (why: Text): Text => ({
    zh: `模板有误：${why.zh}`,
    en: `the template is at fault: ${why.en}`,
  }),
  database: (name: string): Text => ({
    zh: `配置的 reporting.databases 中没有“${name}”`,
    en: `“${name}” is not in reporting.databases of the config`,
  }),
  secret: (name: string): Text => ({
    zh: `source.headers：配置的 reporting.secrets 中没有“${name}”`,
    en: `source.headers: “${name}” is not in reporting.secrets of the config`,
  }),
  file: (field: string, file: string): Text => ({
    zh: `${field}：报表目录中没有文件 ${file}`,
    en: `${field}: there is no file ${file} in the folders of reports`,
  }),
  bot: (botcode: string): Text => ({
    zh: `targets：没有机器人 ${botcode}`,
    en: `targets: there is no bot ${botcode}`,
  }),
};

/** As sentences, to be known again. */
export const reportSayings: readonly Saying[] = [
  toldAt({ field: '{0}', text: say.template({ zh: '{1}', en: '{1}' }) }),
  toldAt({ field: '{0}', text: say.database('{1}') }),
  say.secret('{0}'),
  say.file('{0}', '{1}'),
  say.bot('{0}'),
];

/** Faults with which a report fails each time: templates that do not parse, databases nobody knows. */
export function reportFlaws(
  report: Checked,
  { databases }: Pick<Reach, 'databases'>,
): ReportFlaw[] {
  const flaws = templatesOf(report).flatMap(({ field, template }) => {
    const why = parseFault(template);
    return why === undefined ? [] : [{ field, text: say.template(why) }];
  });
  const { source } = report;
  if (source.type === 'postgres' && !Object.hasOwn(databases, source.database)) {
    flaws.push({ field: 'source.database', text: say.database(source.database) });
  }
  return flaws;
}

/** @param changed only of these fields; default: all @throws AppError field_value */
export function assertWhole(
  report: Checked,
  reporting: Pick<Reach, 'databases'>,
  changed?: ReadonlySet<string>,
): void {
  const flaw = reportFlaws(report, reporting).find(
    ({ field }) => changed?.has(field.replace(/\..*$/, '')) ?? true,
  );
  if (flaw === undefined) return;
  const { zh, en } = toldAt(flaw);
  throw new AppError('field_value', { zh, en }, { field: flaw.field });
}

/** What is not there now, and may be when its time comes. */
export async function reportWarnings(report: Checked, place: ReportPlace): Promise<Text[]> {
  const { source, calendar, targets } = report;
  const warnings: Text[] = [];
  const headers = source.type === 'http' ? Object.values(source.headers).join(' ') : '';
  for (const [, name = ''] of headers.matchAll(secretName)) {
    if (!Object.hasOwn(place.reporting.secrets, name)) warnings.push(say.secret(name));
  }
  if (source.type === 'file' || source.type === 'sqlite') {
    if (!(await isThere(place.folders, source.file))) {
      warnings.push(say.file('source.file', source.file));
    }
  }
  if (typeof calendar === 'object' && !(await isThere(place.folders, calendar.file))) {
    warnings.push(say.file('calendar.file', calendar.file));
  }
  for (const botcode of new Set(targets.map((one) => one.botcode))) {
    if (!place.hasBot(botcode)) warnings.push(say.bot(botcode));
  }
  return warnings;
}

/** A flaw in one sentence. */
export function toldAt({ field, text }: ReportFlaw): Text {
  return { zh: `${field}：${text.zh}`, en: `${field}: ${text.en}` };
}

async function isThere(folders: Folders, file: string): Promise<boolean> {
  try {
    await folders.find(file);
    return true;
  } catch (error) {
    if (error instanceof FolderFault) return false;
    throw error;
  }
}

function templatesOf(report: Checked): { field: string; template: string }[] {
  const { title, text, footer, sendIf, source } = report;
  const inside = (field: string, value: unknown): { field: string; template: string }[] => {
    if (typeof value === 'string') return [{ field, template: value }];
    if (typeof value !== 'object' || value === null) return [];
    return Object.values(value).flatMap((one) => inside(field, one));
  };
  return [
    ...inside('title', title),
    ...inside('text', text),
    ...inside('footer', footer),
    ...inside('sendIf', sendIf && Templates.conditionOf(sendIf)),
    ...(source.type === 'http' ? inside('source.url', source.url) : []),
    ...(source.type === 'http' ? inside('source.body', source.body) : []),
    ...('params' in source ? inside('source.params', source.params) : []),
  ];
}

/** Whoever only reads a template needs neither zone nor language. */
const reader = new Templates({ zone: 'UTC', language: 'en' });

function parseFault(template: string): Text | undefined {
  try {
    reader.parse(template);
    return undefined;
  } catch (error) {
    return templateFault(error);
  }
}
