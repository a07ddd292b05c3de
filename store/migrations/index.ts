import { init } from './001-init.ts';
import { im } from './002-im.ts';
import { joinedSeq } from './003-joined-seq.ts';
import { conversations } from './004-conversations.ts';
import { wechat } from './005-wechat.ts';
import { imbot } from './006-imbot.ts';
import { official } from './007-official.ts';
import { imKeys } from './008-im-keys.ts';
import { chatbot } from './009-chatbot.ts';
import { kbVectors } from './010-kb-vectors.ts';
import { imbotHanded } from './011-imbot-handed.ts';
import { operators } from './012-operators.ts';
import { reports } from './013-reports.ts';
import { alarms } from './014-alarms.ts';
import { consoleTables } from './015-console.ts';
import { backups } from './016-backups.ts';
import { chatOwners } from './017-chat-owners.ts';
import { scheduledRequests } from './018-scheduled-requests.ts';
import { troubledSends } from './019-troubled-sends.ts';
import { answerRequests } from './020-answer-requests.ts';
import { typedSecrets } from './021-typed-secrets.ts';
import { clearedSends } from './022-cleared-sends.ts';
import type { Migration } from './migration.ts';

/** Every migration, in order. A released one never changes. */
export const migrations: readonly Migration[] = [
  init,
  im,
  joinedSeq,
  conversations,
  wechat,
  imbot,
  official,
  imKeys,
  chatbot,
  kbVectors,
  imbotHanded,
  operators,
  reports,
  alarms,
  consoleTables,
  backups,
  chatOwners,
  scheduledRequests,
  troubledSends,
  answerRequests,
  typedSecrets,
  clearedSends,
];
