import { afterEach, describe, expect, it } from 'vitest';
import { type Fact, IntakeRig } from '../../tests/support/wechat-intake-rig.ts';
import { eventPush, Poster, textPush } from '../../tests/support/wechat-pushes.ts';
import { vectors } from '../../tests/support/wechat-vectors.ts';
import type { XmlFields } from './xml.ts';

let rig: IntakeRig;
afterEach(() => rig.close());

/** What a push causes, besides what the agent is told. */
async function causes(push: XmlFields): Promise<Fact[]> {
  const before = (await rig.facts()).length;
  await rig.push(push);
  await rig.settled();
  return (await rig.facts()).slice(before);
}

describe('a push lets us write', () => {
  it.each([
    ['a text', textPush('o1', 'hello'), 'message'],
    ['a kind that is new', textPush('o1', 'x', { MsgType: 'hologram' }), 'message'],
    ['entering a session', eventPush('o1', 'user_enter_tempsession'), 'enter'],
    ['following', eventPush('o1', 'subscribe'), 'follow'],
    ['scanning', eventPush('o1', 'SCAN', { EventKey: '1' }), 'scan'],
    ['a menu', eventPush('o1', 'CLICK', { EventKey: 'k' }), 'click'],
    ['a menu that scans', eventPush('o1', 'scancode_waitmsg', { EventKey: 'k' }), 'click'],
    ['a link of a menu', eventPush('o1', 'VIEW', { EventKey: 'http://a' }), undefined],
    ['a position', eventPush('o1', 'LOCATION', { Latitude: '1.5' }), undefined],
  ])('%s', async (_what, push, action) => {
    rig = await IntakeRig.open();
    const facts = await causes(push);
    const opened = facts.filter(({ what }) => what === 'opened');
    // By our own clock: the time that the push names may be anything.
    const about = { account: 'wx1', action, at: rig.clock.now() };
    expect(opened).toEqual(action === undefined ? [] : [{ what: 'opened', openId: 'o1', about }]);
    expect(facts.filter(({ what }) => what === 'said')).toHaveLength(1);
  });
});

describe('a push is told to agents', () => {
  it('whatever kind it is of, as far as a user did it', async () => {
    rig = await IntakeRig.open();
    const { official_account } = vectors('wechat-push-messages');
    for (const { xml } of official_account) {
      const { query, body } = new Poster().pushText(xml);
      await rig.intake.receive('wx1', query, Buffer.from(body));
    }
    await rig.settled();
    const failed = await rig.intake.list({ state: 'failed', limit: 1 });
    expect(failed).toEqual([]);
    const told = (await rig.said()).map(({ content }) =>
      content.type === 'event' ? content.event : content.type,
    );
    for (const one of ['text', 'location', 'subscribe', 'SCAN', 'LOCATION', 'CLICK', 'unknown']) {
      expect(told).toContain(one);
    }
    for (const one of ['unsubscribe', 'MASSSENDJOBFINISH', 'subscribe_msg_sent_event']) {
      expect(told).not.toContain(one);
    }
  });

  it('once, where it is of no user, not at all', async () => {
    rig = await IntakeRig.open();
    expect(await causes(eventPush('', 'account_changed'))).toEqual([]);
  });
});

describe('subscribe messages', () => {
  const cases: { event: string; what: string; list: XmlFields[]; about: object[] }[] = [
    {
      ...{ event: 'subscribe_msg_popup_event', what: 'answered' },
      list: [
        { TemplateId: 't1', SubscribeStatusString: 'accept', PopupScene: '0' },
        { TemplateId: 't2', SubscribeStatusString: 'reject', PopupScene: '0' },
      ],
      about: [
        { templateId: 't1', accepted: true },
        { templateId: 't2', accepted: false },
      ],
    },
    {
      ...{ event: 'subscribe_msg_change_event', what: 'changed' },
      list: [{ TemplateId: 't1', SubscribeStatusString: 'reject' }],
      about: [{ templateId: 't1', accepted: false }],
    },
    {
      ...{ event: 'subscribe_msg_sent_event', what: 'sent' },
      list: [
        { TemplateId: 't1', MsgID: '1864323726461255680', ErrorCode: '0', ErrorStatus: 'success' },
      ],
      about: [
        { templateId: 't1', msgId: '1864323726461255680', errorCode: 0, errorStatus: 'success' },
      ],
    },
  ];

  it.each(cases)('$event', async ({ event, what, list, about }) => {
    const holder = { popup: 'Popup', change: 'Change', sent: 'Sent' }[event.split('_')[2] ?? ''];
    rig = await IntakeRig.open();
    const inXml = eventPush('o1', event, { [`SubscribeMsg${holder}Event`]: { List: list } });
    expect(await causes(inXml)).toEqual([{ what, openId: 'o1', about }]);
    await rig.close();
    rig = await IntakeRig.open({ poster: new Poster({ format: 'json' }) });
    const [only] = list;
    const inJson = { List: list.length === 1 && only !== undefined ? only : list };
    expect(await causes(eventPush('o1', event, inJson))).toEqual([{ what, openId: 'o1', about }]);
  });
});

describe('who leaves', () => {
  it('is forgotten: windows, credits, what is known of him, what he wrote', async () => {
    rig = await IntakeRig.open({ settings: { kind: 'official' } });
    await rig.push(textPush('o1', 'a secret of mine'), textPush('o2', 'of another'));
    await rig.settled();
    const facts = await causes(eventPush('o1', 'unsubscribe'));
    expect(facts.map(({ what, openId }) => [what, openId])).toEqual([
      ['window forgotten', 'o1'],
      ['credits forgotten', 'o1'],
      ['profile forgotten', 'o1'],
    ]);
    const rows = await rig.intake.list({ limit: 9 });
    expect(rows.map((row) => [row.open_id, row.has_body])).toEqual([
      ['o1', 0],
      ['o2', 1],
      ['o1', 0],
    ]);
  });
});

describe('a welcome', () => {
  const welcome = '欢迎访问客服';

  it('of an official account is the answer to who follows', async () => {
    rig = await IntakeRig.open({ settings: { kind: 'official', welcome } });
    const [answer] = await rig.push(eventPush('o1', 'subscribe'));
    expect(answer).toMatchObject({ kind: 'answer', format: 'xml' });
    expect(answer?.kind === 'answer' ? answer.text : '').toContain(`<![CDATA[${welcome}]]>`);
    const [other] = await rig.push(textPush('o1', 'hello'));
    expect(other).toMatchObject({ text: 'success' });
    await rig.settled();
    expect((await rig.facts()).filter(({ what }) => what === 'door')).toEqual([]);
  });

  it('of a mini program is sent to who enters: it may not answer', async () => {
    rig = await IntakeRig.open({ settings: { welcome, storeId: 3 } });
    const enter = eventPush('o1', 'user_enter_tempsession', { SessionFrom: 'x' });
    expect(await rig.push(enter, enter)).toMatchObject([{ text: 'success' }, { text: 'success' }]);
    await rig.settled();
    const doors = (await rig.facts()).filter(({ what }) => what === 'door');
    expect(doors).toEqual([
      {
        ...{ what: 'door', openId: 'o1' },
        about: {
          account: 'wx1',
          content: { type: 'text', text: welcome },
          ...{ messageId: 77, conversation: 5, agent: '' },
        },
      },
    ]);
  });
});
