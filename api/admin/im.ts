import { conversationOperations } from './conversations.ts';
import { imAppOperations } from './im-apps.ts';
import { imConnectionOperations } from './im-connections.ts';
import { imDeskOperations } from './im-desks.ts';
import { imGroupOperations } from './im-groups.ts';
import { imHistoryOperations } from './im-history.ts';
import { imSellerOperations } from './im-sellers.ts';
import { imUserOperations } from './im-users.ts';
import { imbotOperations } from './imbot.ts';
import type { Operation } from './operation.ts';

/** What operators do about instant messaging. */
export const imOperations: readonly Operation[] = [
  ...imAppOperations,
  ...imDeskOperations,
  ...imSellerOperations,
  ...imUserOperations,
  ...imGroupOperations,
  ...imHistoryOperations,
  ...conversationOperations,
  ...imConnectionOperations,
  ...imbotOperations,
];
