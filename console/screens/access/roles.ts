export const roles = ['viewer', 'operator', 'admin'] as const;
