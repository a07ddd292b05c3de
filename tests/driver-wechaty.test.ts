import { driverContract } from './support/driver-contract.ts';
import { wechatyHarness } from './support/wechaty-harness.ts';

driverContract('wechaty over gRPC', wechatyHarness(false));
driverContract('wechaty over gRPC with TLS', wechatyHarness(true));
