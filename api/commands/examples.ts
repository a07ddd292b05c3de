/** One request and answer per command, for the API's own description; checked against the schemas. */
const room = '维修服务群';
const sent = { msgid: 1024, sendStatus: '0' };

export const login = { reqBody: {}, resBody: {} };

export const botStatus = {
  reqBody: {},
  resBody: {
    botStatus: 'login',
    state: 'ready',
    stateAge: 86_400_000,
    userAction: 'none',
    account: { id: 'wxid_bot01', name: '小助手' },
  },
};

export const roomSendText = {
  reqBody: { text: '工单 20191019001 已受理', roomTopic: room, atList: ['张三'] },
  resBody: sent,
};

/** @NOTE seed 004, 小程序卡片对象示例. */
export const roomSendApp = {
  reqBody: {
    app: {
      appid: 'wx0123456789abcdef',
      username: 'gh_0123456789ab',
      description: '报修',
      pagepath: 'pages/index/index',
      title: '在线报修',
      thumbnailUrl: 'https://example.com/card.png',
    },
    roomTopic: room,
  },
  resBody: sent,
};

export const roomSendImg = {
  reqBody: { file: 'https://example.com/report.png', roomTopic: room },
  resBody: sent,
};

export const contactSendText = {
  reqBody: { text: '您的工单已完成', contactName: '张三' },
  resBody: sent,
};

export const roomList = {
  reqBody: {},
  resBody: {
    ready: true,
    rooms: [{ roomId: '1234567890@chatroom', roomTopic: room, memberCount: 12 }],
  },
};

export const msgStatus = {
  reqBody: { msgid: 1024 },
  resBody: {
    msgid: 1024,
    sendStatus: '1',
    final: true,
    state: 'sent',
    txcode: '20191019120000000001',
    roomId: '1234567890@chatroom',
    acceptedAt: 1_571_457_600_000,
    settledAt: 1_571_457_601_250,
    expiresAt: 1_571_544_000_000,
  },
};

export const msgCancel = {
  reqBody: { msgid: 1024 },
  resBody: { msgid: 1024, sendStatus: '-1' },
};

export const botQueue = {
  reqBody: { msgid: 1024 },
  resBody: {
    length: 3,
    msgid: 1024,
    sendStatus: '0',
    position: 2,
    estimatedTime: 1_571_457_604_500,
  },
};
