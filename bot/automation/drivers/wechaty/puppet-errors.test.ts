import { describe, expect, test } from 'vitest';
import { DeadlinePassed } from '../../../deadline.ts';
import { DriverError } from '../../driver.ts';
import {
  ConnectionLost,
  describe as describeError,
  faultOf,
  NotHandedOver,
  toDriverError,
} from './puppet-errors.ts';
import { redactor } from './redact.ts';

describe('what a failed send means for the message', () => {
  test.each([
    [14, 'No connection established. Last error: Error: connect ECONNREFUSED', 'offline'],
    [14, 'Name resolution failed for target dns:x:1', 'offline'],
    [14, 'Connection dropped', 'unknown'],
    [14, 'read ECONNRESET', 'unknown'],
    [4, 'Deadline exceeded after 15.0s,LB pick: 0.001s,remote_addr=127.0.0.1:1', 'unknown'],
    [4, 'Deadline exceeded after 15.0s,Waiting for LB pick', 'offline'],
    [1, 'Call cancelled', 'unknown'],
    [13, 'Received RST_STREAM with code 2', 'unknown'],
    [16, 'Invalid Wechaty TOKEN "x"', 'refused'],
    [12, 'The server does not implement the method', 'unsupported'],
    [8, 'too many', 'rate'],
    [2, 'AssertionError: 1205 == 0\n    at x.js', 'rate'],
    [2, 'Error: 操作太频繁，请稍后再试', 'rate'],
    [2, 'send message too frequent', 'rate'],
    [2, 'Error: Wechaty Puppet Unsupported API Error.', 'unsupported'],
    [2, 'Error: not logged in\n    at PuppetMock', 'offline'],
    [2, '1101 == 0', 'offline'],
    [2, 'getaddrinfo ENOTFOUND wx.qq.com', 'offline'],
    [2, 'socket hang up', 'unknown'],
    [2, 'timeout of 60000ms exceeded', 'unknown'],
    [2, 'MockRoom.load(): x@chatroom not exist.', 'absent'],
    [2, '1 == 0', 'refused'],
    [2, 'the account is restricted', 'refused'],
  ])('code %i "%s" is %s', (code, details, fault) => {
    expect(faultOf({ code, details, message: `${code} UNKNOWN: ${details}` }, 'send')).toBe(fault);
  });

  test('no answer in time, and a connection that ended, may have left', () => {
    expect(faultOf(new DeadlinePassed(15_000), 'send')).toBe('unknown');
    expect(faultOf(new ConnectionLost('gone'), 'send')).toBe('unknown');
  });

  test('a file that could not be uploaded has not left', () => {
    const cut = new NotHandedOver('upload', { cause: { code: 14, details: 'Connection dropped' } });
    expect(faultOf(cut, 'send')).toBe('offline');
    expect(faultOf(new NotHandedOver('upload', { cause: { code: 12 } }), 'send')).toBe(
      'unsupported',
    );
  });
});

test('a look-up is absent, unsupported or offline, and nothing else', () => {
  expect(faultOf({ code: 2, details: 'no payload found for id x' }, 'look-up')).toBe('absent');
  expect(faultOf({ code: 12, details: '' }, 'look-up')).toBe('unsupported');
  expect(faultOf({ code: 2, details: 'the account is restricted' }, 'look-up')).toBe('offline');
  expect(faultOf(new DeadlinePassed(30_000), 'look-up')).toBe('offline');
});

test('errors tell the first line only, and no token', () => {
  const details = 'Error: Invalid Wechaty TOKEN "my_secret_token_1"\n    at /home/x/y.js:1:1';
  const error = toDriverError({ code: 16, details }, 'look-up', redactor(['my_secret_token_1']));
  expect(error).toBeInstanceOf(DriverError);
  expect(`${error.message} ${error.cause}`).not.toMatch(/my_secret|y\.js/);
  expect(describeError(new Error('plain')).text).toBe('plain');
});
