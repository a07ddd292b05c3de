import { join } from 'node:path';
import { createApp } from '../../api/app.ts';
import { Uploads } from '../../api/files/uploads.ts';
import { createPostMsg, postMsgAddress } from '../../api/imbot/post-msg.ts';
import { createImbotRouter } from '../../api/imbot/router.ts';
import { createAccess } from '../../api/middleware/access.ts';
import { HttpServer } from '../../api/server.ts';
import { RealClock } from '../../bot/clock.ts';
import { Files } from '../../bot/files.ts';
import { createIm } from '../../bot/im/im.ts';
import { Thumbnails } from '../../bot/thumbnails.ts';
import { Credits } from '../../bot/wechat/credits.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { WechatCreditStore } from '../../store/wechat-credits.ts';
import { createImbotPart } from '../imbot.ts';
import { Trap } from './trap.ts';

// Arguments: config file, `whole` or `alone`, and optionally a step and a number: it kills itself
// when a transaction passes the step for the n-th time. Prints the line that the daemon prints.
const [file = '', kind, step, count] = process.argv.slice(2);
const config = loadConfig({ config: file }, {});
const logger = createLogger('error');
const trap = new Trap(step);
const onFatal = (): void => process.exit(1);
const url = kind === 'whole' ? await startWhole(config) : await startAlone(config);
if (count !== undefined) trap.arm(Number(count));
process.stdout.write(`ready ${url}\n`);

/** The daemon as it is. Not loaded unless it is asked for: half of a start is loading it. */
async function startWhole(settings: Config): Promise<string> {
  const { createDaemon } = await import('../daemon.ts');
  const daemon = await createDaemon(settings, { logger, onFatal, wrapDatabase: trap.around });
  await daemon.start();
  return daemon.url;
}

/** The mini-program IM as the daemon has it, without all the rest. */
async function startAlone(settings: Config): Promise<string> {
  const { dataDir, language, retention, http: listen } = settings;
  const clock = new RealClock();
  const db = trap.around(new SqliteDatabase({ file: join(dataDir, 'wxrc.db'), onFatal }));
  await migrate(db, { now: clock.now() });
  const im = createIm({ db, vault: openVault(dataDir), clock, logger, ...retention });
  const credits = new Credits({ store: new WechatCreditStore(db), clock, logger });
  const imbot = createImbotPart({
    ...{ config: settings, db, im, clock, logger, publicUrl: () => 'http://own' },
    wechat: {
      takeForm: (tx, openId) => credits.takeForm(tx, openId),
      sendNotice: async () => ({ errcode: -1, errmsg: 'nothing is sent' }),
    },
  });
  await im.start([]);
  await imbot.start();
  const access = createAccess({ access: settings.access, clock, logger });
  const postMsg = createPostMsg({ messages: imbot.messages, access, logger, language });
  const files = new Files({ store: new FileStore(db), dataDir, clock });
  const router = createImbotRouter(
    {
      ...imbot,
      ...{ names: im.names, conversations: im.conversations, credits, access, logger, language },
      uploads: {
        files,
        uploads: new Uploads({ files, logger }),
        thumbnails: new Thumbnails({ files, logger }),
        limits: settings.imbot,
      },
      account: () => undefined,
      sessions: { code2session: async () => ({ ok: false, errcode: -1, errmsg: 'no account' }) },
    },
    postMsg,
  );
  const server = new HttpServer({
    ...{ ...listen, logger, maxCommandBytes: 1, commands: async () => '{}' },
    app: createApp({ routers: [router], logger, language }),
    quick: new Map([[postMsgAddress, postMsg]]),
  });
  const port = await server.start();
  server.open();
  return `http://${listen.host}:${port}`;
}
