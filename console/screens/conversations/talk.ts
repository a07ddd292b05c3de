import type { Answer } from '../../api.ts';

export type Talk = Answer<'get', '/im/conversations/{id}'>;

/** Who answers: by name where there is one. */
export function agentOf(one: Pick<Talk, 'agent' | 'agentName'>): string | null {
  return one.agentName ?? one.agent;
}
