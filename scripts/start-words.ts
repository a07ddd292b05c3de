import { AppError } from '../bot/errors.ts';
import type { Text } from '../config/text.ts';
import { ToldError } from '../config/told-error.ts';

export const usage: Text = {
  zh: `wxrc：微信远程控制

npm start -- [--config 文件] [--data 目录] [--port 端口] [--host 地址]

环境变量：WXRC_CONFIG、WXRC_DATA、WXRC_PORT、WXRC_HOST、WXRC_LOG。
用 SIGTERM 或 Ctrl-C 停止；SIGHUP 重新读取配置文件。
退出码：0 已停止，1 失败，74 数据库不可用，75 数据目录被占用，78 配置有误。
`,
  en: `wxrc: remote control of WeChat

npm start -- [--config FILE] [--data DIR] [--port N] [--host ADDR]

Environment: WXRC_CONFIG, WXRC_DATA, WXRC_PORT, WXRC_HOST, WXRC_LOG.
Stop with SIGTERM or Ctrl-C; SIGHUP reads the config file again.
Exit codes: 0 stopped, 1 failed, 74 the database cannot be used, 75 the data directory is in use, 78 the config is faulty.
`,
};

/** Why the daemon cannot start; what only the system knows stays as it says it. */
export function startWords(error: unknown): Text {
  const { zh, en } = reasonOf(error);
  return { zh: `wxrc 无法启动：${zh}`, en: `wxrc cannot start: ${en}` };
}

function reasonOf(error: unknown): Text {
  if (error instanceof ToldError || error instanceof AppError) return error.text;
  const said = error instanceof Error ? error.message : String(error);
  const file = fileWords(error);
  if (file !== undefined) return file;
  // As node tells it: `listen EADDRINUSE: address already in use 127.0.0.1:3000`.
  const [, code, place] = /^listen (E[A-Z]+): .*?(\S+)$/.exec(said) ?? [];
  switch (code) {
    case 'EADDRINUSE':
      return {
        zh: `${place} 已被占用（${code}）；是否已在运行？（--port，或配置中的 im.tcpPort；0 表示任选空闲端口）`,
        en: `${said}; is it running already? (--port, or im.tcpPort in the config; 0 picks a free one)`,
      };
    case 'EACCES':
      return { zh: `无权监听 ${place}（${code}）`, en: said };
    case 'EADDRNOTAVAIL':
      return { zh: `本机没有 ${place} 这个地址（${code}）`, en: said };
    default:
      return { zh: said, en: said };
  }
}

/** A file where a folder should be, or the other way round. */
function fileWords(error: unknown): Text | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const path = 'path' in error ? String(error.path) : undefined;
  switch (error.code) {
    case 'EEXIST':
      if (path === undefined) return undefined;
      return {
        zh: `${path} 是文件，不是目录（EEXIST）`,
        en: `${path} is a file, not a folder (EEXIST)`,
      };
    case 'ENOTDIR':
      if (path === undefined) return undefined;
      return {
        zh: `${path} 的上级不是目录（ENOTDIR）`,
        en: `what lies above ${path} is no folder (ENOTDIR)`,
      };
    case 'EISDIR':
      // What is read tells no path.
      return path === undefined
        ? {
            zh: '有目录占了文件的位置（EISDIR）',
            en: 'a folder stands where a file should be (EISDIR)',
          }
        : {
            zh: `${path} 是目录，不是文件（EISDIR）`,
            en: `${path} is a folder, not a file (EISDIR)`,
          };
    default:
      return undefined;
  }
}
