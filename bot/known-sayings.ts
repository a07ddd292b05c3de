import { botStates, botStateWords } from './automation/bots/bot-state.ts';
import { waitReasonOf } from './automation/bots/bot-truth.ts';
import { reasonSayings } from './automation/sends/reason-sayings.ts';
import { drillSayings } from './backups/drill-words.ts';
import { plainSayings } from './plain-sayings.ts';
import { reportSayings } from './reports/report-check.ts';
import { faultSayings } from './reports/report-fault.ts';
import { Sayings } from './sayings.ts';

/** Every reason that is kept as it was told, and what is told in English only. */
export const knownSayings = new Sayings([
  ...reasonSayings,
  ...botStates.map(waitReasonOf).filter((one) => one !== undefined),
  ...Object.values(botStateWords),
  ...faultSayings,
  ...reportSayings,
  ...drillSayings,
  ...plainSayings,
]);
