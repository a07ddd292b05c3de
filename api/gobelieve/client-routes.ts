import { clientGroupRoutes } from './client-groups.ts';
import { clientMemberRoutes } from './client-members.ts';
import { supporterRoutes } from './customers.ts';
import { deviceRoutes } from './devices.ts';
import { historyRoutes } from './history.ts';

/** Every route of users that the router serves and the document tells. */
export const clientRoutes = [
  ...historyRoutes,
  ...supporterRoutes,
  ...deviceRoutes,
  ...clientGroupRoutes,
  ...clientMemberRoutes,
];
