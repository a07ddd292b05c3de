import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../../config/config.ts';
import { configWarnings } from '../../config-warnings.ts';
import { type Check, finding } from './check.ts';

const leastNode = 24;

export const checkNode: Check = () => {
  const major = Number(process.versions.node.split('.')[0]);
  const { version } = process;
  return [
    major >= leastNode
      ? finding('node', 'ok', version, version)
      : finding(
          'node',
          'fail',
          `${version}，需要 ${leastNode} 以上`,
          `${version}: ${leastNode} or newer is needed`,
        ),
  ];
};

export const checkConfig: Check = async (context) => {
  const config = context.tryConfig();
  const file = context.values.config ?? context.env.configFile;
  if (config instanceof ConfigError) {
    return config.faults.map((fault) => finding('config', 'fail', fault, fault));
  }
  return [
    file === undefined
      ? finding('config', 'info', '没有配置文件，使用默认值', 'no config file: defaults')
      : finding('config', 'ok', file, file),
    ...(await configWarnings(config)).map(({ zh, en }) => finding('config', 'warn', zh, en)),
  ];
};

/** Where the text of rendered pictures comes from. */
export const checkFonts: Check = () => {
  const folders = [
    join(import.meta.dirname, '..', '..', '..', 'node_modules', '@fontsource'),
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    '/System/Library/Fonts',
    join(homedir(), '.fonts'),
    join(homedir(), '.local', 'share', 'fonts'),
  ];
  const pattern = /noto-?sans-?(sc|cjk)/i;
  for (const folder of folders) {
    const found = namesBelow(folder).find((name) => pattern.test(name));
    if (found !== undefined) return [finding('fonts', 'ok', found, found)];
  }
  return [
    finding(
      'fonts',
      'warn',
      '未找到 Noto Sans SC：报表图片中的汉字将是空白',
      'no Noto Sans SC found: Chinese in pictures of reports will be blank',
    ),
  ];
};

function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
