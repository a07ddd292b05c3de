import { usageFailure } from './failure.ts';

/** @throws CliFailure when it is none */
export function whole(option: string, given: string): number {
  if (/^\d{1,16}$/.test(given) && Number.isSafeInteger(Number(given))) return Number(given);
  throw usageFailure(`${option}：不是整数 “${given}”`, `${option}: “${given}” is no whole number`);
}
