import { reportFolders } from '../bot/reports/folders.ts';
import { reportFlaws, reportWarnings, toldAt } from '../bot/reports/report-check.ts';
import type { Config } from '../config/config.ts';
import { basesOutOfOrder, missingFiles } from '../config/files-check.ts';
import type { Logger } from '../config/logger.ts';
import type { Text } from '../config/text.ts';

/**
 * What a config says that cannot work as things are, though the daemon starts with it: told alike by
 * `config check`, by doctor, and in the log of the start.
 */
export async function configWarnings(config: Config): Promise<Text[]> {
  const { reports, reporting, dataDir } = config;
  const hasBot = knownBots(config);
  const place = { reporting, folders: reportFolders(reporting.folders, dataDir), hasBot };
  const ofReports = reports.map(async (report) => {
    const found = [
      ...reportFlaws(report, reporting).map(toldAt),
      ...(await reportWarnings(report, place)),
    ];
    return found.map(({ zh, en }) => ({
      zh: `reports“${report.name}”：${zh}`,
      en: `reports “${report.name}”: ${en}`,
    }));
  });
  return [
    ...missingFiles(config),
    ...basesOutOfOrder(config),
    ...strangers(config, hasBot),
    ...(await Promise.all(ofReports)).flat(),
  ];
}

/** Into the log, as a start and a reload do. */
export async function logConfigWarnings(config: Config, logger: Logger): Promise<void> {
  for (const { en } of await configWarnings(config)) logger.warn({ what: en }, 'config');
}

/** Botcodes of channels and of the chatbot behind which there is no bot. */
function strangers(
  { channels = [], chatbot }: Config,
  hasBot: (botcode: string) => boolean,
): Text[] {
  const named = [
    ...channels.map(({ bots }, at) => ({ where: `channels[${at}].bots`, bots })),
    { where: 'chatbot.bots', bots: chatbot.bots },
  ];
  return named.flatMap(({ where, bots }) =>
    (Array.isArray(bots) ? bots : [])
      .filter((botcode) => botcode !== '*' && !hasBot(botcode))
      .map((botcode) => ({
        zh: `${where}：配置中没有机器人 ${botcode}`,
        en: `${where}: bot ${botcode} is not in the config`,
      })),
  );
}

/** Where the config names no bots, operators made them: they are in no file. */
function knownBots({ bots }: Config): (botcode: string) => boolean {
  return (botcode) => bots === undefined || bots.some((one) => one.botcode === botcode);
}
