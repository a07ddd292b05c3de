import { accountRoutes } from './accounts.ts';
import { groupRoutes } from './groups.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';

/** Every route that the router serves and the document tells. */
export const gobelieveRoutes = [
  ...accountRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...messageRoutes,
];
