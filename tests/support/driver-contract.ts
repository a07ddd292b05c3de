import { describe } from 'vitest';
import { contactContract } from './driver-contract-contacts.ts';
import { faultContract } from './driver-contract-faults.ts';
import { lifeContract } from './driver-contract-life.ts';
import { roomContract } from './driver-contract-rooms.ts';
import { sendContract } from './driver-contract-sends.ts';
import type { DriverHarness } from './driver-harness.ts';

export type {
  DriverHarness,
  DriverRig,
  HarnessFault,
  Seen,
  WorldControls,
} from './driver-harness.ts';

/** What every driver promises (`Driver` in bot/automation/driver.ts), told in tests. */
export function driverContract(name: string, harness: DriverHarness): void {
  describe(`${name}: driver contract`, () => {
    describe('life', () => lifeContract(harness));
    describe('sends', () => sendContract(harness));
    describe('rooms', () => roomContract(harness));
    describe('contacts and private chats', () => contactContract(harness));
    describe('faults', () => faultContract(harness));
  });
}
