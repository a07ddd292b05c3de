import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SignatureType, sign, signatureTypes } from '../../bot/signature.ts';
import { ConfigError } from '../../config/config.ts';
import { openVault } from '../../config/secrets.ts';
import { sealedKeys } from '../../store/local-keys.ts';
import { cliCommand, flag, text, texts } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';

export const signCommands = [
  cliCommand({
    name: 'sign',
    usage: 'COMMAND --chid CHID --bot BOTCODE [--room TOPIC] [--text TEXT] [--key KEY]',
    summary: {
      zh: '打印签名与可直接执行的 curl 命令',
      en: 'print the signature and a curl command that works as it stands',
    },
    details: {
      zh: `命令名如 roomSendText。reqBody：--room --room-id --contact --contact-id --text --at NAME… --msgid，或 --body JSON / --body-file FILE
--body-exact FILE 对文件的原始字节签名；--get 以 GET 方式；--type MD5|HMAC-SHA256；--txcode、--txtime 可指定
密钥：--key，否则取本机数据目录或配置中该渠道的密钥`,
      en: `COMMAND is e.g. roomSendText. reqBody: --room --room-id --contact --contact-id --text --at NAME… --msgid, or --body JSON / --body-file FILE
--body-exact FILE signs the bytes of a file as they are; --get makes a GET; --type MD5|HMAC-SHA256; --txcode, --txtime
The key: --key, else that of the channel in the local data directory or config.`,
    },
    words: [0, 1],
    options: {
      chid: text,
      bot: text,
      key: text,
      room: text,
      'room-id': text,
      contact: text,
      'contact-id': text,
      text,
      at: texts,
      msgid: text,
      body: text,
      'body-file': text,
      'body-exact': text,
      get: flag,
      type: text,
      txcode: text,
      txtime: text,
    },
    run: async (context, values, [command]) => {
      const { chid } = values;
      if (chid === undefined) throw usageFailure('缺少 --chid', '--chid is missing');
      const type = typeOf(values.type);
      const key = values.key ?? keyOf(context, chid);
      const exact = values['body-exact'];
      const body = exact === undefined ? await bodyOf(command, chid, values) : await bytesOf(exact);
      const asGet = values.get === true && typeof body === 'string';
      const signed = asGet ? queryOf(body) : body;
      const signature = sign(signed, key, type);
      const name = command ?? 'COMMAND';
      const url = baseOf(context);
      const address = `${url}/api/${name}${asGet ? `?${signed}` : ''}`;
      const data = asGet ? undefined : exact === undefined ? String(body) : `@${exact}`;
      const curl = curlOf(address, { signature, type, data });
      const shown = typeof signed === 'string' ? signed : undefined;
      context.print({ signature, type, url: address, body: shown, curl }, () =>
        [`X-Ecaspsplus-Signature: ${signature}`, '', curl].join('\n'),
      );
    },
  }),
];

interface BodyValues {
  bot?: string | undefined;
  room?: string | undefined;
  'room-id'?: string | undefined;
  contact?: string | undefined;
  'contact-id'?: string | undefined;
  text?: string | undefined;
  at?: string[] | undefined;
  msgid?: string | undefined;
  body?: string | undefined;
  'body-file'?: string | undefined;
  txcode?: string | undefined;
  txtime?: string | undefined;
}

async function bodyOf(
  command: string | undefined,
  chid: string,
  values: BodyValues,
): Promise<string> {
  if (command === undefined) throw usageFailure('缺少命令名', 'the name of the command is missing');
  if (values.bot === undefined) throw usageFailure('缺少 --bot', '--bot is missing');
  const now = Date.now();
  const reqHead = {
    chid,
    txcode: values.txcode ?? `cli${now}`,
    txtime: values.txtime ?? String(now),
    botcode: values.bot,
  };
  return JSON.stringify({ reqHead, reqBody: await reqBodyOf(values) });
}

async function reqBodyOf(values: BodyValues): Promise<unknown> {
  const file = values['body-file'];
  const given = file === undefined ? values.body : (await bytesOf(file)).toString('utf8');
  if (given !== undefined) {
    try {
      return JSON.parse(given);
    } catch {
      throw usageFailure('reqBody 不是合法的 JSON', 'reqBody is not valid JSON');
    }
  }
  return {
    roomTopic: values.room,
    roomId: values['room-id'],
    contactName: values.contact,
    contactId: values['contact-id'],
    text: values.text,
    atList: values.at,
    msgid: values.msgid === undefined ? undefined : Number(values.msgid),
  };
}

/** The query string of a GET: the two parts as JSON texts. */
function queryOf(body: string): string {
  const { reqHead, reqBody } = JSON.parse(body) as { reqHead: unknown; reqBody: unknown };
  // The quote too: some clients escape it by themselves, and the signature would be wrong.
  const part = (value: unknown) => encodeURIComponent(JSON.stringify(value)).replaceAll("'", '%27');
  return `reqHead=${part(reqHead)}&reqBody=${part(reqBody)}`;
}

/** What is running locally wins: a rotated key is newer than the config's. */
function keyOf(context: CliContext, chid: string): string {
  const { dataDir } = context;
  const sealed = existsSync(join(dataDir, 'secret.key'))
    ? sealedKeys(dataDir, chid, Date.now())?.[0]
    : undefined;
  if (sealed !== undefined) return openVault(dataDir).open(sealed);
  const config = context.tryConfig();
  const named =
    config instanceof ConfigError ? undefined : config.channels?.find((one) => one.chid === chid);
  if (named?.key !== undefined) return named.key;
  throw new CliFailure(exitCodes.failed, {
    zh: `${dataDir} 与配置中都没有渠道 ${chid} 的密钥；请用 --key 指定`,
    en: `neither ${dataDir} nor the config has a key of channel ${chid}: give one with --key`,
  });
}

function baseOf(context: CliContext): string {
  const named = context.values.url ?? context.env.url;
  if (named !== undefined) return named.replace(/\/+$/, '');
  const config = context.tryConfig();
  if (config instanceof ConfigError) return 'http://127.0.0.1:8080';
  return context.note()?.url ?? `http://${config.http.host}:${config.http.port}`;
}

function typeOf(given: string | undefined): SignatureType {
  const type = signatureTypes.find((one) => one === (given ?? 'MD5').toUpperCase());
  if (type !== undefined) return type;
  const known = signatureTypes.join(' / ');
  throw usageFailure(`--type：应为 ${known}`, `--type: must be ${known}`);
}

function curlOf(
  address: string,
  parts: { signature: string; type: SignatureType; data: string | undefined },
): string {
  const lines = [
    `curl -sS ${quote(address)}`,
    ...(parts.data === undefined
      ? []
      : [
          `-H 'Content-Type: application/json; charset=utf-8'`,
          // --data would take line ends out of the body.
          `--data-binary ${quote(parts.data)}`,
        ]),
    `-H 'X-Ecaspsplus-SignatureType: ${parts.type}'`,
    `-H 'X-Ecaspsplus-Signature: ${parts.signature}'`,
  ];
  return lines.join(' \\\n  ');
}

/** For a POSIX shell. */
function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    throw usageFailure(`${path}：无法读取`, `${path}: cannot be read`);
  }
}
