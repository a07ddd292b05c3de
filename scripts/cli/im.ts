import { connectionCommands } from './im-connections.ts';
import { groupCommands } from './im-groups.ts';
import { historyCommands } from './im-history.ts';
import { userCommands } from './im-users.ts';

export const imCommands = [
  ...userCommands,
  ...groupCommands,
  ...historyCommands,
  ...connectionCommands,
];
