import type { Capabilities } from '../../driver.ts';

/** The puppet that is a remote service: the only one without a host process of ours. */
export const servicePuppet = 'wechaty-puppet-service';

export interface PuppetTraits {
  capabilities: Capabilities;
  /** Stopping the puppet logs the account out of WeChat and wipes its memory card. */
  stopLogsOut: boolean;
}

const everything: Capabilities = {
  text: true,
  image: true,
  miniProgram: true,
  file: true,
  realMention: true,
  messageIds: true,
  stableIds: true,
  echo: true,
};

/**
 * What is known of puppets, by package name. wechat4u: the web protocol has no cards, its mentions
 * are plain text, sends tell no id, rooms and contacts get new ids at every login, and what the
 * API itself sent is not synced back.
 */
const known: Record<string, PuppetTraits> = {
  [servicePuppet]: { capabilities: everything, stopLogsOut: false },
  'wechaty-puppet-padlocal': { capabilities: everything, stopLogsOut: false },
  'wechaty-puppet-wechat4u': {
    capabilities: {
      ...everything,
      miniProgram: false,
      realMention: false,
      messageIds: false,
      stableIds: false,
      echo: false,
    },
    stopLogsOut: true,
  },
  'wechaty-puppet-wechat': {
    capabilities: {
      ...everything,
      miniProgram: false,
      realMention: false,
      messageIds: false,
      stableIds: false,
    },
    stopLogsOut: true,
  },
  'wechaty-puppet-xp': {
    capabilities: { ...everything, miniProgram: false, messageIds: false },
    stopLogsOut: false,
  },
  'wechaty-puppet-mock': {
    capabilities: { ...everything, miniProgram: false, messageIds: false },
    stopLogsOut: false,
  },
};

/** What a puppet nobody knows is taken for: `puppetOptions.capabilities` corrects it. */
const unknown: PuppetTraits = { capabilities: everything, stopLogsOut: false };

export function traitsOf(module: string): PuppetTraits {
  return known[module] ?? unknown;
}
