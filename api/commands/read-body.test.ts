import { expect, test } from 'vitest';
import { readBody } from './read-body.ts';
import { Refusal } from './rt-code.ts';
import { roomSendText } from './schema.ts';

test.each([
  [{ roomTopic: 'r', text: '' }, '32', 'reqBody.text 不能为空', 'reqBody.text must not be empty'],
  [{ roomTopic: 'r', text: 3 }, '31', 'reqBody.text 须为字符串', 'reqBody.text must be a string'],
  [
    { roomTopic: 'r', text: 'x', atList: [''] },
    ...['32', 'reqBody.atList[0] 不能为空', 'reqBody.atList[0] must not be empty'],
  ],
] as [object, string, string, string][])('%j is refused in plain words', (body, code, zh, en) => {
  const refusal = readBody(roomSendText, body);
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ rtCode: code, detail: { zh, en } });
});
