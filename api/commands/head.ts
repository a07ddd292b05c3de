import type { Text } from '../../bot/errors.ts';
import { Refusal } from './rt-code.ts';

/** reqHead of the document, its fields present and of the right type. */
export interface Head {
  chid: string;
  txcode: string;
  txtime: string;
  botcode: string;
  /** Absent, null and empty are the same. */
  sign: string | undefined;
}

/** Printable, whole characters. The document suggests 20 of them; some clients use UUIDs and more. */
const txcodeForm = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

/** Absent and null are missing (10); anything else that cannot be right is illegal (11). */
export function readHead(head: Record<string, unknown>): Head | Refusal {
  const { chid, txcode, txtime, botcode, sign } = head as Partial<Record<keyof Head, unknown>>;
  if (chid === undefined || chid === null) return missing('chid');
  if (txcode === undefined || txcode === null) return missing('txcode');
  if (txtime === undefined || txtime === null) return missing('txtime');
  if (botcode === undefined || botcode === null) return missing('botcode');
  if (typeof chid !== 'string') return notText('chid');
  if (typeof txcode !== 'string') return notText('txcode');
  if (typeof txtime !== 'string') return notText('txtime');
  if (typeof botcode !== 'string') return notText('botcode');
  if (sign !== undefined && sign !== null && typeof sign !== 'string') return notText('sign');
  if (!txcodeForm.test(txcode)) {
    return illegal({
      zh: 'txcode 须为 1 到 64 个可见字符',
      en: 'txcode must be 1 to 64 printable characters',
    });
  }
  return { chid, txcode, txtime, botcode, sign: sign === null || sign === '' ? undefined : sign };
}

export function illegal(detail: Text): Refusal {
  return new Refusal('11', detail);
}

function missing(name: keyof Head): Refusal {
  return new Refusal('10', { zh: name, en: name });
}

function notText(name: keyof Head): Refusal {
  return illegal({ zh: `${name} 不是字符串`, en: `${name} is not a string` });
}
