import { alarmCommands } from './alarms.ts';
import { auditCommands } from './audit.ts';
import { botCommands } from './bots.ts';
import { channelCommands } from './channels.ts';
import { chatModelCommands } from './chat-model.ts';
import { chatCommands } from './chats.ts';
import type { CliCommand } from './command.ts';
import { conversationCommands } from './conversations.ts';
import { daemonCommands } from './daemons.ts';
import { deadCommands } from './dead.ts';
import { doctorCommands } from './doctor/command.ts';
import { eventCommands } from './events.ts';
import { imCommands } from './im.ts';
import { appCommands } from './im-apps.ts';
import { deskCommands } from './im-desks.ts';
import { kbCommands } from './kb.ts';
import { laterCommands } from './later.ts';
import { mcpCommands } from './mcp.ts';
import { operatorCommands } from './operators.ts';
import { reportRunCommands } from './report-runs.ts';
import { reportCommands } from './reports.ts';
import { ruleCommands } from './rules.ts';
import { sendCommands } from './sends.ts';
import { signCommands } from './sign.ts';
import { storeCommands } from './stores.ts';
import { traceCommands } from './trace.ts';
import { userCommands } from './users.ts';
import { wechatCommands } from './wechat.ts';

/** Every command of the command line, in the order of the help. */
export const commands: readonly CliCommand[] = [
  ...daemonCommands,
  ...doctorCommands,
  ...botCommands,
  ...channelCommands,
  ...sendCommands,
  ...signCommands,
  ...traceCommands,
  ...eventCommands,
  ...deadCommands,
  ...appCommands,
  ...deskCommands,
  ...chatCommands,
  ...conversationCommands,
  ...imCommands,
  ...wechatCommands,
  ...kbCommands,
  ...ruleCommands,
  ...reportCommands,
  ...reportRunCommands,
  ...laterCommands,
  ...chatModelCommands,
  ...alarmCommands,
  ...userCommands,
  ...operatorCommands,
  ...auditCommands,
  ...mcpCommands,
  ...storeCommands,
];
