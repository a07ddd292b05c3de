// Made by `npm run client-types` of the OpenAPI document. Do not edit.

export interface Schemas {
  "Problem": {
    "type": string;
    "title": string;
    "status": number;
    /** For people, in the configured language. */
    "detail"?: string;
    /** The field at fault. */
    "field"?: string;
    /** For programs. */
    "code"?: string;
  };
  "ReqHead": {
    /** The channel. */
    "chid": string;
    /** Number of the request, unique in the channel for at least the day. */
    "txcode": string;
    /** yyyymmddhhmmss in the configured zone, or 13 digits of epoch milliseconds. */
    "txtime": string;
    /** The bot that is commanded. */
    "botcode": string;
    /** Not needed beside the signature header; or the RSA signature of version 0.3. */
    "sign"?: string;
  };
  "RtCode": "0" | "10" | "11" | "12" | "13" | "20" | "21" | "22" | "23" | "30" | "31" | "32" | "33" | "34";
  "loginRequest": Record<string, unknown>;
  "loginAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
    };
  };
  "webLoginRequest": Record<string, unknown>;
  "webLoginAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
    };
  };
  "macLoginRequest": Record<string, unknown>;
  "macLoginAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
    };
  };
  "logoutRequest": Record<string, unknown>;
  "logoutAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
    };
  };
  "botStatusRequest": Record<string, unknown>;
  "botStatusAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      "botStatus"?: "logout" | "login" | "err";
      /** The inner state. */
      "state"?: "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** Milliseconds since it began. */
      "stateAge"?: number;
      /** What the operator has to do. */
      "userAction"?: "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "account"?: {
        "id": string;
        "name": string;
      } | null;
      /** Why it waits or ended. */
      "reason"?: string;
    };
  };
  "roomSendTextRequest": unknown;
  "roomSendTextAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
    };
  };
  "roomSendAppRequest": unknown;
  "roomSendAppAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
    };
  };
  "roomSendImgRequest": unknown;
  "roomSendImgAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
    };
  };
  "contactSendTextRequest": unknown;
  "contactSendTextAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
    };
  };
  "roomListRequest": Record<string, unknown>;
  "roomListAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Whether the list is complete and fresh. */
      "ready"?: boolean;
      "rooms"?: {
        "roomId": string;
        "roomTopic": string;
        "memberCount": number;
      }[];
    };
  };
  "msgStatusRequest": unknown;
  "msgStatusAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
      "final"?: boolean;
      /** The inner state. */
      "state"?: "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
      /** Why it waits or ended. */
      "reason"?: string;
      "txcode"?: string;
      "roomId"?: string;
      /** Epoch milliseconds. */
      "acceptedAt"?: number;
      /** Epoch milliseconds. */
      "settledAt"?: number;
      /** Epoch milliseconds. */
      "expiresAt"?: number;
    };
  };
  "msgCancelRequest": unknown;
  "msgCancelAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
    };
  };
  "botQueueRequest": {
    /** Asks for the position of this message too. */
    "msgid"?: number;
  };
  "botQueueAnswer": {
    "resHead": Record<string, unknown>;
    "resBody": {
      "rtCode": Schemas["RtCode"];
      "rtMsg": string;
      /** Messages of this bot that wait. */
      "length"?: number;
      /** Number of the message; increasing. */
      "msgid"?: number;
      /** 0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); 4 the one to @ does not exist; -1 failed, expired or cancelled. */
      "sendStatus"?: "0" | "1" | "2" | "3" | "4" | "-1";
      /** 1 leaves next; 0 waits no more. */
      "position"?: number;
      /** When it will leave (without msgid: one that comes now), epoch ms; null: nobody can tell, or it waits no more. */
      "estimatedTime"?: number | null;
      /** Why it waits or ended. */
      "reason"?: string;
    };
  };
}

export interface Operations {
  /** How long the queue of the bot is, and when a message will leave */
  "botQueue": {
    method: "post";
    path: "/api/botQueue";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["botQueueRequest"];
    };
    answer: Schemas["botQueueAnswer"];
  };
  /** How long the queue of the bot is, and when a message will leave */
  "botQueueByGet": {
    method: "get";
    path: "/api/botQueue";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["botQueueAnswer"];
  };
  /** Whether the bot is logged in, and what the operator should do */
  "botStatus": {
    method: "post";
    path: "/api/botStatus";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["botStatusRequest"];
    };
    answer: Schemas["botStatusAnswer"];
  };
  /** Whether the bot is logged in, and what the operator should do */
  "botStatusByGet": {
    method: "get";
    path: "/api/botStatus";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["botStatusAnswer"];
  };
  /** Send a text to a person */
  "contactSendText": {
    method: "post";
    path: "/api/contactSendText";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["contactSendTextRequest"];
    };
    answer: Schemas["contactSendTextAnswer"];
  };
  /** Send a text to a person */
  "contactSendTextByGet": {
    method: "get";
    path: "/api/contactSendText";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["contactSendTextAnswer"];
  };
  /** Upload a sound */
  "uploadImbotAudio": {
    method: "post";
    path: "/api/imbot/audio";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      /** `audio/<sha256>.<extension>`, below /api/imbot/ */
      "url": string;
    };
  };
  /** A sound, whole or a stretch of it */
  "readImbotAudio": {
    method: "get";
    path: "/api/imbot/audio/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Keep a form id: it allows one notice within seven days */
  "addImbotForm": {
    method: "post";
    path: "/api/imbot/form_id";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "openId": string;
      "formId": string;
    };
    answer: {
      "result": "success";
    };
  };
  /** Forget all form ids of a user */
  "removeImbotForms": {
    method: "delete";
    path: "/api/imbot/form_id";
    params: Record<never, never>;
    query: {
      "openId": string;
    };
    body: never;
    answer: {
      "result": "success";
    };
  };
  /** Upload a picture */
  "uploadImbotImage": {
    method: "post";
    path: "/api/imbot/image";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      /** `image/<sha256>.<extension>`, below /api/imbot/ */
      "url": string;
    };
  };
  /** A picture, whole or a stretch of it */
  "readImbotImage": {
    method: "get";
    path: "/api/imbot/image/{name}";
    params: {
      "name": string;
    };
    query: {
      "w"?: number;
      "h"?: number;
    };
    body: never;
    answer: string;
  };
  /** Say something to somebody */
  "sendImbotMessage": {
    method: "post";
    path: "/api/imbot/msg";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "fromUserId": string;
      "toUserId": string;
      /** Whom to tell when the message is not fetched in time. */
      "templateUrl"?: string | null;
      "msg": {
        /** text, image, or another word. */
        "type"?: string;
        /** The text; of an image its address. */
        "reply"?: unknown;
        /** Milliseconds (or seconds) since 1970; compared and returned as it was given. */
        "timestamp": number | string;
      } & Record<string, unknown>;
    };
    answer: {
      "result": "success";
    };
  };
  /** What one person has written to another, by the messages’ own times, oldest first */
  "listImbotMessages": {
    method: "get";
    path: "/api/imbot/msg";
    params: Record<never, never>;
    query: {
      "fromUserId": string;
      "toUserId": string;
      "startTimeStamp": string;
      "endTimeStamp": string;
      "limit"?: string;
      "after"?: string;
    };
    body: never;
    answer: {
      "msgs": ({
        "fromUserId": string;
        "toUserId": string;
        "msg": {
          /** text, image, or another word. */
          "type"?: string;
          /** The text; of an image its address. */
          "reply"?: unknown;
          /** Milliseconds (or seconds) since 1970; compared and returned as it was given. */
          "timestamp": number | string;
        } & Record<string, unknown>;
      })[];
      "next"?: string;
    };
  };
  /** Who has logged in to the mini program */
  "getImbotOpenId": {
    method: "get";
    path: "/api/imbot/openid";
    params: Record<never, never>;
    query: {
      "code": string;
    };
    body: never;
    answer: {
      "openid": string;
      "unionid"?: string;
    };
  };
  /** How many messages from one person to another wait */
  "countImbotMessages": {
    method: "get";
    path: "/api/imbot/pending_count";
    params: Record<never, never>;
    query: {
      "fromUserId": string;
      "toUserId": string;
    };
    body: never;
    answer: {
      "count": number;
    };
  };
  /** Who has written to a person and was not read yet, the newest first */
  "listImbotCounts": {
    method: "get";
    path: "/api/imbot/pending_count_list";
    params: Record<never, never>;
    query: {
      "userId": string;
    };
    body: never;
    answer: {
      "fromUserId": string;
      /** Of the newest message that waits, as it was given. */
      "timestamp": unknown;
      "count": number;
    }[];
  };
  /** Take the messages from one person to another that wait, oldest first */
  "takeImbotMessages": {
    method: "get";
    path: "/api/imbot/pending_msgs";
    params: Record<never, never>;
    query: {
      "fromUserId": string;
      "toUserId": string;
    };
    body: never;
    answer: {
      "msgs": ({
        /** text, image, or another word. */
        "type"?: string;
        /** The text; of an image its address. */
        "reply"?: unknown;
        /** Milliseconds (or seconds) since 1970; compared and returned as it was given. */
        "timestamp": number | string;
      } & Record<string, unknown>)[];
    };
  };
  /** Tell a user of a message that waits */
  "sendImbotTemplate": {
    method: "post";
    path: "/api/imbot/template_msg";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "formId"?: string | "" | null;
      "fromUserId": string;
      "toUserId": string;
      "msg": {
        /** text, image, or another word. */
        "type"?: string;
        /** The text; of an image its address. */
        "reply"?: unknown;
        /** Milliseconds (or seconds) since 1970; compared and returned as it was given. */
        "timestamp": number | string;
      } & Record<string, unknown>;
    };
    answer: {
      "errcode": number;
      "errmsg": string;
    };
  };
  /** Add a user, or change what is told of one */
  "putImbotUser": {
    method: "post";
    path: "/api/imbot/user";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "id": string;
      "role"?: "B" | "C";
      "wechat"?: {
        "nickName"?: string;
        "gender"?: string | number;
        "avatarUrl"?: string;
      } & Record<string, unknown>;
    };
    answer: {
      "result": "success";
    };
  };
  /** One user */
  "getImbotUser": {
    method: "get";
    path: "/api/imbot/user";
    params: Record<never, never>;
    query: {
      "id": string;
    };
    body: never;
    answer: {
      "id": string;
      /** B: business, who answers; C: customer. */
      "role": "B" | "C";
      "wechat": {
        "nickName"?: string;
        "gender"?: string | number;
        "avatarUrl"?: string;
      } & Record<string, unknown>;
    };
  };
  /** All users, by id */
  "listImbotUsers": {
    method: "get";
    path: "/api/imbot/users";
    params: Record<never, never>;
    query: {
      "limit"?: string;
      "after"?: string;
    };
    body: never;
    answer: {
      "users": ({
        "id": string;
        /** B: business, who answers; C: customer. */
        "role": "B" | "C";
        "wechat": {
          "nickName"?: string;
          "gender"?: string | number;
          "avatarUrl"?: string;
        } & Record<string, unknown>;
      })[];
    };
  };
  /** Upload a film */
  "uploadImbotVideo": {
    method: "post";
    path: "/api/imbot/video";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      /** `video/<sha256>.<extension>`, below /api/imbot/ */
      "url": string;
    };
  };
  /** A film, whole or a stretch of it */
  "readImbotVideo": {
    method: "get";
    path: "/api/imbot/video/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Verification of the address: echoes `echostr` when it was signed with our token */
  "verifyWechatCustomer": {
    method: "get";
    path: "/api/imbot/wechat/customer";
    params: Record<never, never>;
    query: {
      "signature"?: string;
      "timestamp": string;
      "nonce": string;
      "echostr": string;
      "appid"?: string;
    };
    body: never;
    answer: string;
  };
  /** A message or an event of a user */
  "pushWechatCustomer": {
    method: "post";
    path: "/api/imbot/wechat/customer";
    params: Record<never, never>;
    query: {
      "signature"?: string;
      "timestamp": string;
      "nonce": string;
      "encrypt_type"?: string;
      "msg_signature"?: string;
      "openid"?: string;
      "appid"?: string;
    };
    body: Blob;
    answer: string;
  };
  /** Start the bot and log in; QR code and login come as events */
  "login": {
    method: "post";
    path: "/api/login";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["loginRequest"];
    };
    answer: Schemas["loginAnswer"];
  };
  /** Start the bot and log in; QR code and login come as events */
  "loginByGet": {
    method: "get";
    path: "/api/login";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["loginAnswer"];
  };
  /** Log the account out and forget its session */
  "logout": {
    method: "post";
    path: "/api/logout";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["logoutRequest"];
    };
    answer: Schemas["logoutAnswer"];
  };
  /** Log the account out and forget its session */
  "logoutByGet": {
    method: "get";
    path: "/api/logout";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["logoutAnswer"];
  };
  /** The same as login */
  "macLogin": {
    method: "post";
    path: "/api/macLogin";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["macLoginRequest"];
    };
    answer: Schemas["macLoginAnswer"];
  };
  /** The same as login */
  "macLoginByGet": {
    method: "get";
    path: "/api/macLogin";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["macLoginAnswer"];
  };
  /** Cancel a message that has not left */
  "msgCancel": {
    method: "post";
    path: "/api/msgCancel";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["msgCancelRequest"];
    };
    answer: Schemas["msgCancelAnswer"];
  };
  /** Cancel a message that has not left */
  "msgCancelByGet": {
    method: "get";
    path: "/api/msgCancel";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["msgCancelAnswer"];
  };
  /** What became of a message */
  "msgStatus": {
    method: "post";
    path: "/api/msgStatus";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["msgStatusRequest"];
    };
    answer: Schemas["msgStatusAnswer"];
  };
  /** What became of a message */
  "msgStatusByGet": {
    method: "get";
    path: "/api/msgStatus";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["msgStatusAnswer"];
  };
  /** The rooms the bot is in */
  "roomList": {
    method: "post";
    path: "/api/roomList";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["roomListRequest"];
    };
    answer: Schemas["roomListAnswer"];
  };
  /** The rooms the bot is in */
  "roomListByGet": {
    method: "get";
    path: "/api/roomList";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["roomListAnswer"];
  };
  /** Send a mini-program card into a room */
  "roomSendApp": {
    method: "post";
    path: "/api/roomSendApp";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["roomSendAppRequest"];
    };
    answer: Schemas["roomSendAppAnswer"];
  };
  /** Send a mini-program card into a room */
  "roomSendAppByGet": {
    method: "get";
    path: "/api/roomSendApp";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["roomSendAppAnswer"];
  };
  /** Send a picture into a room (another name of roomSendImg) */
  "roomSendImage": {
    method: "post";
    path: "/api/roomSendImage";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["roomSendImgRequest"];
    };
    answer: Schemas["roomSendImgAnswer"];
  };
  /** Send a picture into a room (another name of roomSendImg) */
  "roomSendImageByGet": {
    method: "get";
    path: "/api/roomSendImage";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["roomSendImgAnswer"];
  };
  /** Send a picture into a room */
  "roomSendImg": {
    method: "post";
    path: "/api/roomSendImg";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["roomSendImgRequest"];
    };
    answer: Schemas["roomSendImgAnswer"];
  };
  /** Send a picture into a room */
  "roomSendImgByGet": {
    method: "get";
    path: "/api/roomSendImg";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["roomSendImgAnswer"];
  };
  /** Send a text into a room */
  "roomSendText": {
    method: "post";
    path: "/api/roomSendText";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["roomSendTextRequest"];
    };
    answer: Schemas["roomSendTextAnswer"];
  };
  /** Send a text into a room */
  "roomSendTextByGet": {
    method: "get";
    path: "/api/roomSendText";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["roomSendTextAnswer"];
  };
  /** What is wrong, or was: newest first */
  "listAlarms": {
    method: "get";
    path: "/api/v1/alarms";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "state"?: "open" | "over" | "all";
      "kind"?: "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate";
      "subject"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "id": string;
        /** What it is about, the same each time: `bot:bot01`. */
        "key": string;
        "kind": "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate";
        "subject": string;
        "state": "raised" | "over";
        /** From 1; it rises when it gets worse. */
        "stage": number;
        /** It comes and goes: it is over only after a longer calm. */
        "flapping": boolean;
        "text": {
          "zh": string;
          "en": string;
        };
        /** When it began. */
        "since": number;
        /** When it had lasted long enough to be told. */
        "raisedAt": number;
        "overAt": number | null;
        /** Somebody was told of it, or will be. */
        "told": boolean;
        /** Nobody is told of it just now. */
        "silenced": boolean;
        "ackedAt": number | null;
        "ackedBy": string | null;
        "note": string | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** The ways to tell a person, in the order in which they are tried */
  "listLanes": {
    method: "get";
    path: "/api/v1/alarms/lanes";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      /** Since then no lane has taken anything. */
      "failingSince": number | null;
      /** Messages that wait to be told. */
      "waiting": number;
      "maxPerHour": number;
      "items": ({
        "name": string;
        "kind": "room" | "webhook" | "email";
        /** Where it leads, without secrets. */
        "target": string;
        "toldLastHour": number;
        "lastOkAt": number | null;
        "lastErrorAt": number | null;
        "lastError": string | null;
      })[];
    };
  };
  /** Send a trial over one lane, now */
  "testLane": {
    method: "post";
    path: "/api/v1/alarms/lanes/{name}/test";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "ok": boolean;
      "tookMs": number;
      "error": string | null;
    };
  };
  /** Of what nobody is told for a while */
  "listSilences": {
    method: "get";
    path: "/api/v1/alarms/silences";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "items": ({
        "id": string;
        /** Null: any. */
        "kind": "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate" | null;
        /** Null: any. */
        "subject": string | null;
        /** Epoch milliseconds. */
        "until": number;
        "note": string;
        /** Epoch milliseconds. */
        "createdAt": number;
        "createdBy": string;
      })[];
    };
  };
  /** Tell nobody for a while: of a kind, of a subject, of both, or of anything */
  "addSilence": {
    method: "post";
    path: "/api/v1/alarms/silences";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "kind"?: "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate";
      /** A bot, a channel, a schedule … */
      "subject"?: string;
      "minutes": number;
      "note"?: string;
    };
    answer: {
      "id": string;
      /** Null: any. */
      "kind": "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate" | null;
      /** Null: any. */
      "subject": string | null;
      /** Epoch milliseconds. */
      "until": number;
      "note": string;
      /** Epoch milliseconds. */
      "createdAt": number;
      "createdBy": string;
    };
  };
  /** Tell people again */
  "removeSilence": {
    method: "delete";
    path: "/api/v1/alarms/silences/{id}";
    params: {
      "id": string;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** One alarm, and who was told of it how */
  "getAlarm": {
    method: "get";
    path: "/api/v1/alarms/{id}";
    params: {
      "id": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": string;
      /** What it is about, the same each time: `bot:bot01`. */
      "key": string;
      "kind": "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate";
      "subject": string;
      "state": "raised" | "over";
      /** From 1; it rises when it gets worse. */
      "stage": number;
      /** It comes and goes: it is over only after a longer calm. */
      "flapping": boolean;
      "text": {
        "zh": string;
        "en": string;
      };
      /** When it began. */
      "since": number;
      /** When it had lasted long enough to be told. */
      "raisedAt": number;
      "overAt": number | null;
      /** Somebody was told of it, or will be. */
      "told": boolean;
      /** Nobody is told of it just now. */
      "silenced": boolean;
      "ackedAt": number | null;
      "ackedBy": string | null;
      "note": string | null;
      "messages": ({
        "id": string;
        "what": "raised" | "changed" | "over" | "test";
        "text": {
          "zh": string;
          "en": string;
        };
        /** superseded: the alarm was over before anybody could be told. */
        "state": "due" | "sending" | "sent" | "superseded" | "dead";
        "lane": string | null;
        "attempts": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "doneAt": number | null;
        "lastError": string | null;
        "tries": ({
          "lane": string;
          /** Epoch milliseconds. */
          "at": number;
          "tookMs": number;
          "error": string | null;
        })[];
      })[];
    };
  };
  /** Take care of it: that it gets worse is not told any more, its end is */
  "ackAlarm": {
    method: "post";
    path: "/api/v1/alarms/{id}/ack";
    params: {
      "id": string;
    };
    query: Record<never, never>;
    body: {
      "note"?: string;
    };
    answer: {
      "id": string;
      /** What it is about, the same each time: `bot:bot01`. */
      "key": string;
      "kind": "bot" | "receiver" | "dead-letters" | "schedule" | "disk" | "database" | "backup" | "clock" | "certificate";
      "subject": string;
      "state": "raised" | "over";
      /** From 1; it rises when it gets worse. */
      "stage": number;
      /** It comes and goes: it is over only after a longer calm. */
      "flapping": boolean;
      "text": {
        "zh": string;
        "en": string;
      };
      /** When it began. */
      "since": number;
      /** When it had lasted long enough to be told. */
      "raisedAt": number;
      "overAt": number | null;
      /** Somebody was told of it, or will be. */
      "told": boolean;
      /** Nobody is told of it just now. */
      "silenced": boolean;
      "ackedAt": number | null;
      "ackedBy": string | null;
      "note": string | null;
    };
  };
  /** What operators changed or tried to change, newest first */
  "listAudit": {
    method: "get";
    path: "/api/v1/audit";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "user"?: string;
      "operation"?: string;
      "target"?: string;
      "from"?: number;
      "to"?: number;
      "failed"?: "true" | "false";
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        /** Epoch milliseconds. */
        "at": number;
        /** Name of the user or token; empty: a stranger at the log-in. */
        "user": string;
        /** Null: a program, the command line, a stranger. */
        "userId": number | null;
        "role": "viewer" | "operator" | "admin" | null;
        "via": "session" | "api" | "cli";
        /** From where. */
        "address": string;
        /** Id of the operation, as in this document. */
        "operation": string;
        /** What it was about: `bot01`, `7/501`; empty: the whole. */
        "target": string;
        /** Names of the fields that were given, without values; of people and tokens also who, and which role: `username=vera`, `role=admin`. */
        "fields": string[];
        /** HTTP status of the answer; null: under way, or the daemon died in it. */
        "status": number | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Back everything up into one file on the machine of the daemon, while it runs */
  "createBackup": {
    method: "post";
    path: "/api/v1/backups";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      /** Name of the file, without its folder. */
      "file": string;
      "bytes": number;
      /** Epoch milliseconds. */
      "at": number;
      /** Made by itself: rotation takes it away in time. */
      "auto": boolean;
      /** Null: made before a restoration, or elsewhere. */
      "sha256": string | null;
    };
  };
  /** Backups, newest first; at most 200 */
  "listBackups": {
    method: "get";
    path: "/api/v1/backups";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "items": ({
        /** Name of the file, without its folder. */
        "file": string;
        "bytes": number;
        /** Epoch milliseconds. */
        "at": number;
        /** Made by itself: rotation takes it away in time. */
        "auto": boolean;
        /** Null: made before a restoration, or elsewhere. */
        "sha256": string | null;
      })[];
      /** When the next one is planned; null: none is. */
      "nextAt": number | null;
      /** One is being made or tried just now. */
      "busy": boolean;
    };
  };
  /** Restore a backup for a trial: into a folder of its own, with a daemon that reaches nobody */
  "drillBackup": {
    method: "post";
    path: "/api/v1/backups/drill";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "file"?: string;
    };
    answer: {
      "ok": boolean;
      /** Name of the file, without its folder. */
      "file": string;
      /** Epoch milliseconds. */
      "madeAt": number;
      "tookMs": number;
      "steps": {
        "name": string;
        "ok": boolean;
        "detail": string;
      }[];
    };
  };
  /** Backups and trials of them: how each went, newest first */
  "listBackupRuns": {
    method: "get";
    path: "/api/v1/backups/runs";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        "kind": "backup" | "drill";
        "cause": "schedule" | "operator";
        /** Epoch milliseconds. */
        "at": number;
        "tookMs": number;
        "ok": boolean;
        "file": string | null;
        "bytes": number | null;
        "sha256": string | null;
        "error": string | null;
        /** Of a trial. */
        "steps": {
          "name": string;
          "ok": boolean;
          "detail": string;
        }[];
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Every bot, by botcode */
  "listBots": {
    method: "get";
    path: "/api/v1/bots";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "botcode": string;
        "name": string;
        "driver": string;
        "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
        /** When this state began. */
        "since": number;
        /** What the operator has to do for the bot to get on. */
        "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
        "reason": string | null;
        "account": {
          "id": string;
          "name": string;
        } | null;
        /** Another account is held back. */
        "boundAccountId": string | null;
        /** Why its sends wait; null: they need not. */
        "waitReason": string | null;
        /** Ages of the proofs that it is well. */
        "ages": {
          /** Milliseconds; null: never. */
          "stream": number | null;
          /** Milliseconds; null: never. */
          "account": number | null;
          /** Milliseconds; null: never. */
          "canSend": number | null;
          /** Milliseconds; null: never. */
          "rooms": number | null;
        };
        "capabilities": Record<string, boolean>;
        "qr": {
          /** What the QR code says. */
          "text": string;
          "status": "waiting" | "scanned" | "confirmed";
          /** Epoch milliseconds. */
          "createdAt": number;
          /** Epoch milliseconds. */
          "expiresAt": number;
          /** Scanned: it has to be confirmed before this. */
          "confirmBy": number | null;
          "pngUrl": string;
          "svgUrl": string;
        } | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a bot; with autoStart it starts at once */
  "addBot": {
    method: "post";
    path: "/api/v1/bots";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "botcode": string;
      "name"?: string;
      "driver"?: "simulator" | "wechaty";
      /** Start at daemon start without a login command. */
      "autoStart"?: boolean;
      /** simulator: scans its own QR code after 5 s. */
      "autoScan"?: boolean;
      /** simulator: seed of its world. */
      "seed"?: number;
      /** wechaty: puppet package, e.g. wechaty-puppet-service, wechaty-puppet-wechat4u. */
      "puppet"?: string;
      "puppetOptions"?: Record<string, unknown>;
      /** Bind to this WeChat account from the beginning. */
      "accountId"?: string;
      "pacing"?: {
        /** Sends a minute of a bot; 0 = off. */
        "perMinute"?: number;
        /** Sends a minute into a room; 0 = off. */
        "perRoomPerMinute"?: number;
        /** Random pause before each send, from and to, in milliseconds. */
        "jitterMs"?: [number, number];
      };
    };
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
      "settings": {
        "botcode": string;
        "name"?: string;
        "driver": "simulator" | "wechaty";
        /** Start at daemon start without a login command. */
        "autoStart": boolean;
        /** simulator: scans its own QR code after 5 s. */
        "autoScan": boolean;
        /** simulator: seed of its world. */
        "seed"?: number;
        /** wechaty: puppet package, e.g. wechaty-puppet-service, wechaty-puppet-wechat4u. */
        "puppet"?: string;
        /** Bind to this WeChat account from the beginning. */
        "accountId"?: string;
        "pacing"?: {
          /** Sends a minute of a bot; 0 = off. */
          "perMinute"?: number;
          /** Sends a minute into a room; 0 = off. */
          "perRoomPerMinute"?: number;
          /** Random pause before each send, from and to, in milliseconds. */
          "jitterMs"?: [number, number];
        };
        /** Which puppetOptions are set; never their values. */
        "puppetOptionNames": string[];
      };
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      "queue": {
        "length": number;
        /** Until the last one leaves; null: nobody knows. */
        "etaMs": number | null;
      };
    };
  };
  /** One bot: state, account, proofs, settings, queue */
  "getBot": {
    method: "get";
    path: "/api/v1/bots/{botcode}";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
      "settings": {
        "botcode": string;
        "name"?: string;
        "driver": "simulator" | "wechaty";
        /** Start at daemon start without a login command. */
        "autoStart": boolean;
        /** simulator: scans its own QR code after 5 s. */
        "autoScan": boolean;
        /** simulator: seed of its world. */
        "seed"?: number;
        /** wechaty: puppet package, e.g. wechaty-puppet-service, wechaty-puppet-wechat4u. */
        "puppet"?: string;
        /** Bind to this WeChat account from the beginning. */
        "accountId"?: string;
        "pacing"?: {
          /** Sends a minute of a bot; 0 = off. */
          "perMinute"?: number;
          /** Sends a minute into a room; 0 = off. */
          "perRoomPerMinute"?: number;
          /** Random pause before each send, from and to, in milliseconds. */
          "jitterMs"?: [number, number];
        };
        /** Which puppetOptions are set; never their values. */
        "puppetOptionNames": string[];
      };
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      "queue": {
        "length": number;
        /** Until the last one leaves; null: nobody knows. */
        "etaMs": number | null;
      };
    };
  };
  /** Change settings; null takes one back to its default */
  "changeBot": {
    method: "patch";
    path: "/api/v1/bots/{botcode}";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      "name"?: string | null;
      "driver"?: "simulator" | "wechaty" | null;
      /** Start at daemon start without a login command. */
      "autoStart"?: boolean | null;
      /** simulator: scans its own QR code after 5 s. */
      "autoScan"?: boolean | null;
      /** simulator: seed of its world. */
      "seed"?: number | null;
      /** wechaty: puppet package, e.g. wechaty-puppet-service, wechaty-puppet-wechat4u. */
      "puppet"?: string | null;
      "puppetOptions"?: Record<string, unknown> | null;
      /** Bind to this WeChat account from the beginning. */
      "accountId"?: string | null;
      "pacing"?: {
        /** Sends a minute of a bot; 0 = off. */
        "perMinute"?: number;
        /** Sends a minute into a room; 0 = off. */
        "perRoomPerMinute"?: number;
        /** Random pause before each send, from and to, in milliseconds. */
        "jitterMs"?: [number, number];
      } | null;
    };
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
      "settings": {
        "botcode": string;
        "name"?: string;
        "driver": "simulator" | "wechaty";
        /** Start at daemon start without a login command. */
        "autoStart": boolean;
        /** simulator: scans its own QR code after 5 s. */
        "autoScan": boolean;
        /** simulator: seed of its world. */
        "seed"?: number;
        /** wechaty: puppet package, e.g. wechaty-puppet-service, wechaty-puppet-wechat4u. */
        "puppet"?: string;
        /** Bind to this WeChat account from the beginning. */
        "accountId"?: string;
        "pacing"?: {
          /** Sends a minute of a bot; 0 = off. */
          "perMinute"?: number;
          /** Sends a minute into a room; 0 = off. */
          "perRoomPerMinute"?: number;
          /** Random pause before each send, from and to, in milliseconds. */
          "jitterMs"?: [number, number];
        };
        /** Which puppetOptions are set; never their values. */
        "puppetOptionNames": string[];
      };
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      "queue": {
        "length": number;
        /** Until the last one leaves; null: nobody knows. */
        "etaMs": number | null;
      };
    };
  };
  /** Log the account out and forget the bot; one of the config file is removed there */
  "removeBot": {
    method: "delete";
    path: "/api/v1/bots/{botcode}";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** The account that is held back is the right one: bind to it */
  "acceptAccountBot": {
    method: "post";
    path: "/api/v1/bots/{botcode}/accept-account";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
    };
  };
  /** Contacts of the account, by id; at most five minutes old */
  "listContacts": {
    method: "get";
    path: "/api/v1/bots/{botcode}/contacts";
    params: {
      "botcode": string;
    };
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": {
        "id": string;
        "name": string;
        "alias"?: string;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Decide about sends that were accepted for another account */
  "decideHeldSends": {
    method: "post";
    path: "/api/v1/bots/{botcode}/held";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      /** adopt: they leave from the account the bot has now; cancel: they are cancelled. */
      "action": "adopt" | "cancel";
    };
    answer: {
      "count": number;
    };
  };
  /** States the bot was in since the daemon started, newest first; at most 200 */
  "botHistory": {
    method: "get";
    path: "/api/v1/bots/{botcode}/history";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "items": ({
        /** Epoch milliseconds. */
        "at": number;
        "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
        "reason": string | null;
        "account": string | null;
      })[];
    };
  };
  /** Start it and log in */
  "loginBot": {
    method: "post";
    path: "/api/v1/bots/{botcode}/login";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
    };
  };
  /** Log the account out and forget its session */
  "logoutBot": {
    method: "post";
    path: "/api/v1/bots/{botcode}/logout";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
    };
  };
  /** The login QR code that can be scanned now */
  "getQr": {
    method: "get";
    path: "/api/v1/bots/{botcode}/qr";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** What the QR code says. */
      "text": string;
      "status": "waiting" | "scanned" | "confirmed";
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "expiresAt": number;
      /** Scanned: it has to be confirmed before this. */
      "confirmBy": number | null;
      "pngUrl": string;
      "svgUrl": string;
    };
  };
  /** A one-time link that shows the live QR code without a log-in */
  "shareQr": {
    method: "post";
    path: "/api/v1/bots/{botcode}/qr/share";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      /** How long it is valid. */
      "minutes"?: number;
    };
    answer: {
      /** Below the address under which this daemon is reached. */
      "path": string;
      "url": string;
      /** Epoch milliseconds. */
      "expiresAt": number;
    };
  };
  /** How much waits, why, and until when; with msgid: when that one leaves */
  "getQueue": {
    method: "get";
    path: "/api/v1/bots/{botcode}/queue";
    params: {
      "botcode": string;
    };
    query: {
      "msgid"?: number;
    };
    body: never;
    answer: {
      /** Sends that have not left. */
      "length": number;
      "onTheWay": number;
      /** Handed over, outcome not known. */
      "unknown": number;
      /** Accepted for another account: they wait for a decision. */
      "heldForOtherAccount": number;
      /** Queued sends by why their room or contact waits. */
      "waiting": {
        "reason": string;
        "count": number;
      }[];
      /** Why the whole queue waits; null: it moves. */
      "reason": string | null;
      /** Until the last one (or msgid) leaves; null: unknown. */
      "etaMs": number | null;
      /** Of msgid: 1 leaves next; 0 waits no more. */
      "position"?: number;
    };
  };
  /** The account that is held back is the wrong one: log it out */
  "rejectAccountBot": {
    method: "post";
    path: "/api/v1/bots/{botcode}/reject-account";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
    };
  };
  /** Turn it off; the account stays logged in where it can */
  "releaseBot": {
    method: "post";
    path: "/api/v1/bots/{botcode}/release";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "botcode": string;
      "name": string;
      "driver": string;
      "state": "off" | "starting" | "scan" | "confirm" | "syncing" | "ready" | "suspect" | "offline" | "wrong-account" | "failed";
      /** When this state began. */
      "since": number;
      /** What the operator has to do for the bot to get on. */
      "userAction": "none" | "wait" | "scan" | "confirm" | "decide" | "contact-provider";
      "reason": string | null;
      "account": {
        "id": string;
        "name": string;
      } | null;
      /** Another account is held back. */
      "boundAccountId": string | null;
      /** Why its sends wait; null: they need not. */
      "waitReason": string | null;
      /** Ages of the proofs that it is well. */
      "ages": {
        /** Milliseconds; null: never. */
        "stream": number | null;
        /** Milliseconds; null: never. */
        "account": number | null;
        /** Milliseconds; null: never. */
        "canSend": number | null;
        /** Milliseconds; null: never. */
        "rooms": number | null;
      };
      "capabilities": Record<string, boolean>;
      "qr": {
        /** What the QR code says. */
        "text": string;
        "status": "waiting" | "scanned" | "confirmed";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** Scanned: it has to be confirmed before this. */
        "confirmBy": number | null;
        "pngUrl": string;
        "svgUrl": string;
      } | null;
    };
  };
  /** Rooms the bot is in, by id */
  "listRooms": {
    method: "get";
    path: "/api/v1/bots/{botcode}/rooms";
    params: {
      "botcode": string;
    };
    query: {
      "limit"?: number;
      "cursor"?: string;
      "topic"?: string;
    };
    body: never;
    answer: {
      "items": {
        "id": string;
        "topic": string;
        "formerTopics": string[];
        "memberCount": number;
        /** Epoch milliseconds. */
        "firstSeen": number;
        /** Epoch milliseconds. */
        "lastSeen": number;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One room with its members */
  "getRoom": {
    method: "get";
    path: "/api/v1/bots/{botcode}/rooms/{roomId}";
    params: {
      "botcode": string;
      "roomId": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": string;
      "topic": string;
      "formerTopics": string[];
      "memberCount": number;
      /** Epoch milliseconds. */
      "firstSeen": number;
      /** Epoch milliseconds. */
      "lastSeen": number;
      "members": {
        "id": string;
        "name": string;
      }[];
    };
  };
  /** Every channel, by chid */
  "listChannels": {
    method: "get";
    path: "/api/v1/channels";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": ({
        /** Channel number, assigned by the operator. */
        "chid": string;
        /** Name shown to operators. */
        "name"?: string;
        /** PEM public key for RSA signatures in reqHead.sign. */
        "publicKey"?: string;
        /** Where events are posted to. Secrets in it are `***`; sent back as it is, they stay. */
        "callbackUrl"?: string;
        "callbackFormat": "form" | "json";
        /** body: 2xx and result=success in the answer; status: any 2xx. */
        "callbackAck": "body" | "status";
        /** Botcodes it may command; "*" = all. */
        "bots": "*" | (string | "*")[];
        /** Commands it may give; "*" = all. */
        "commands": "*" | string[];
        /** Source addresses (IP or CIDR) it may call from; empty = any. */
        "addresses": string[];
        /** Commands a minute; 0 = unlimited. */
        "ratePerMinute": number;
        /** A send whose outcome is unknown: report it, or send it again. */
        "onUnknown": "report" | "resend";
        /** Incoming messages: those that @ the bot or come privately, all, or none. */
        "userMsg": "mentions" | "all" | "none";
        /** Event types it gets; absent = all. */
        "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
        /** A send that could not leave within this time has failed. */
        "sendExpirySeconds": number;
        /** config: what the file says wins at each start. */
        "source": "config" | "admin";
        /** Live signature keys; two while it changes over. */
        "keyCount": number;
        /** Why its deliveries are held; null: they are not. */
        "pausedReason": string | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a channel; without a key one is made */
  "addChannel": {
    method: "post";
    path: "/api/v1/channels";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Channel number, assigned by the operator. */
      "chid": string;
      /** Name shown to operators. */
      "name"?: string;
      /** Signature key (MD5 and HMAC-SHA256). */
      "key"?: string;
      /** PEM public key for RSA signatures in reqHead.sign. */
      "publicKey"?: string;
      /** Where events are posted. Absent: events can be pulled. */
      "callbackUrl"?: string;
      "callbackFormat"?: "form" | "json";
      /** body: 2xx and result=success in the answer; status: any 2xx. */
      "callbackAck"?: "body" | "status";
      /** Botcodes it may command; "*" = all. */
      "bots"?: "*" | (string | "*")[];
      /** Commands it may give; "*" = all. */
      "commands"?: "*" | string[];
      /** Source addresses (IP or CIDR) it may call from; empty = any. */
      "addresses"?: string[];
      /** Commands a minute; 0 = unlimited. */
      "ratePerMinute"?: number;
      /** A send whose outcome is unknown: report it, or send it again. */
      "onUnknown"?: "report" | "resend";
      /** Incoming messages: those that @ the bot or come privately, all, or none. */
      "userMsg"?: "mentions" | "all" | "none";
      /** Event types it gets; absent = all. */
      "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
      /** A send that could not leave within this time has failed. */
      "sendExpirySeconds"?: number;
    };
    answer: {
      "channel": {
        /** Channel number, assigned by the operator. */
        "chid": string;
        /** Name shown to operators. */
        "name"?: string;
        /** PEM public key for RSA signatures in reqHead.sign. */
        "publicKey"?: string;
        /** Where events are posted to. Secrets in it are `***`; sent back as it is, they stay. */
        "callbackUrl"?: string;
        "callbackFormat": "form" | "json";
        /** body: 2xx and result=success in the answer; status: any 2xx. */
        "callbackAck": "body" | "status";
        /** Botcodes it may command; "*" = all. */
        "bots": "*" | (string | "*")[];
        /** Commands it may give; "*" = all. */
        "commands": "*" | string[];
        /** Source addresses (IP or CIDR) it may call from; empty = any. */
        "addresses": string[];
        /** Commands a minute; 0 = unlimited. */
        "ratePerMinute": number;
        /** A send whose outcome is unknown: report it, or send it again. */
        "onUnknown": "report" | "resend";
        /** Incoming messages: those that @ the bot or come privately, all, or none. */
        "userMsg": "mentions" | "all" | "none";
        /** Event types it gets; absent = all. */
        "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
        /** A send that could not leave within this time has failed. */
        "sendExpirySeconds": number;
        /** config: what the file says wins at each start. */
        "source": "config" | "admin";
        /** Live signature keys; two while it changes over. */
        "keyCount": number;
        /** Why its deliveries are held; null: they are not. */
        "pausedReason": string | null;
      };
      /** The signature key. Shown here and never again. */
      "key": string;
    };
  };
  /** One channel */
  "getChannel": {
    method: "get";
    path: "/api/v1/channels/{chid}";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** Channel number, assigned by the operator. */
      "chid": string;
      /** Name shown to operators. */
      "name"?: string;
      /** PEM public key for RSA signatures in reqHead.sign. */
      "publicKey"?: string;
      /** Where events are posted to. Secrets in it are `***`; sent back as it is, they stay. */
      "callbackUrl"?: string;
      "callbackFormat": "form" | "json";
      /** body: 2xx and result=success in the answer; status: any 2xx. */
      "callbackAck": "body" | "status";
      /** Botcodes it may command; "*" = all. */
      "bots": "*" | (string | "*")[];
      /** Commands it may give; "*" = all. */
      "commands": "*" | string[];
      /** Source addresses (IP or CIDR) it may call from; empty = any. */
      "addresses": string[];
      /** Commands a minute; 0 = unlimited. */
      "ratePerMinute": number;
      /** A send whose outcome is unknown: report it, or send it again. */
      "onUnknown": "report" | "resend";
      /** Incoming messages: those that @ the bot or come privately, all, or none. */
      "userMsg": "mentions" | "all" | "none";
      /** Event types it gets; absent = all. */
      "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
      /** A send that could not leave within this time has failed. */
      "sendExpirySeconds": number;
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      /** Live signature keys; two while it changes over. */
      "keyCount": number;
      /** Why its deliveries are held; null: they are not. */
      "pausedReason": string | null;
    };
  };
  /** Change settings; null takes one back to its default */
  "changeChannel": {
    method: "patch";
    path: "/api/v1/channels/{chid}";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: {
      /** Name shown to operators. */
      "name"?: string | null;
      /** PEM public key for RSA signatures in reqHead.sign. */
      "publicKey"?: string | null;
      /** Where events are posted. Absent: events can be pulled. */
      "callbackUrl"?: string | null;
      "callbackFormat"?: "form" | "json" | null;
      /** body: 2xx and result=success in the answer; status: any 2xx. */
      "callbackAck"?: "body" | "status" | null;
      /** Botcodes it may command; "*" = all. */
      "bots"?: "*" | (string | "*")[] | null;
      /** Commands it may give; "*" = all. */
      "commands"?: "*" | string[] | null;
      /** Source addresses (IP or CIDR) it may call from; empty = any. */
      "addresses"?: string[] | null;
      /** Commands a minute; 0 = unlimited. */
      "ratePerMinute"?: number | null;
      /** A send whose outcome is unknown: report it, or send it again. */
      "onUnknown"?: "report" | "resend" | null;
      /** Incoming messages: those that @ the bot or come privately, all, or none. */
      "userMsg"?: "mentions" | "all" | "none" | null;
      /** Event types it gets; absent = all. */
      "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[] | null;
      /** A send that could not leave within this time has failed. */
      "sendExpirySeconds"?: number | null;
    };
    answer: {
      /** Channel number, assigned by the operator. */
      "chid": string;
      /** Name shown to operators. */
      "name"?: string;
      /** PEM public key for RSA signatures in reqHead.sign. */
      "publicKey"?: string;
      /** Where events are posted to. Secrets in it are `***`; sent back as it is, they stay. */
      "callbackUrl"?: string;
      "callbackFormat": "form" | "json";
      /** body: 2xx and result=success in the answer; status: any 2xx. */
      "callbackAck": "body" | "status";
      /** Botcodes it may command; "*" = all. */
      "bots": "*" | (string | "*")[];
      /** Commands it may give; "*" = all. */
      "commands": "*" | string[];
      /** Source addresses (IP or CIDR) it may call from; empty = any. */
      "addresses": string[];
      /** Commands a minute; 0 = unlimited. */
      "ratePerMinute": number;
      /** A send whose outcome is unknown: report it, or send it again. */
      "onUnknown": "report" | "resend";
      /** Incoming messages: those that @ the bot or come privately, all, or none. */
      "userMsg": "mentions" | "all" | "none";
      /** Event types it gets; absent = all. */
      "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
      /** A send that could not leave within this time has failed. */
      "sendExpirySeconds": number;
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      /** Live signature keys; two while it changes over. */
      "keyCount": number;
      /** Why its deliveries are held; null: they are not. */
      "pausedReason": string | null;
    };
  };
  /** Remove a channel; one of the config file is removed there */
  "removeChannel": {
    method: "delete";
    path: "/api/v1/channels/{chid}";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Discard dead letters: they are not delivered, and nobody has to look at them any more */
  "discardEvents": {
    method: "post";
    path: "/api/v1/channels/{chid}/discard";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: {
      "eventIds": number[];
    };
    answer: {
      /** So many were dead letters until now. */
      "count": number;
    };
  };
  /** One event with every try to deliver it */
  "getDelivery": {
    method: "get";
    path: "/api/v1/channels/{chid}/events/{eventId}";
    params: {
      "chid": string;
      "eventId": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "chid": string;
      "eventId": number;
      "botcode": string;
      "type": "qrCode" | "botStatus" | "userMsg" | "sendStatus";
      /** Epoch milliseconds. */
      "at": number;
      "state": "due" | "acked" | "dead" | "superseded" | "none" | "discarded";
      /** Tries since it became due. */
      "attempts": number;
      "nextTryAt": number | null;
      "doneAt": number | null;
      "lastError": string | null;
      /** Of many only the first and last few. */
      "tries": ({
        /** Epoch milliseconds. */
        "at": number;
        "tookMs": number;
        /** HTTP status; null: there was no answer. */
        "status": number | null;
        /** Why it does not count as delivered. */
        "error": string | null;
        /** Beginning of what the receiver answered. */
        "answer": string | null;
      })[];
      /** The event in the words of the core. */
      "event": Record<string, unknown>;
      /** What is posted, byte for byte, without its signatures; null: no receiver. */
      "request": {
        "url": string;
        "contentType": string;
        "body": string;
      } | null;
    };
  };
  /** Hold the deliveries of a channel; its commands go on */
  "pauseChannel": {
    method: "post";
    path: "/api/v1/channels/{chid}/pause";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: {
      "reason"?: string;
    };
    answer: {
      /** Channel number, assigned by the operator. */
      "chid": string;
      /** Name shown to operators. */
      "name"?: string;
      /** PEM public key for RSA signatures in reqHead.sign. */
      "publicKey"?: string;
      /** Where events are posted to. Secrets in it are `***`; sent back as it is, they stay. */
      "callbackUrl"?: string;
      "callbackFormat": "form" | "json";
      /** body: 2xx and result=success in the answer; status: any 2xx. */
      "callbackAck": "body" | "status";
      /** Botcodes it may command; "*" = all. */
      "bots": "*" | (string | "*")[];
      /** Commands it may give; "*" = all. */
      "commands": "*" | string[];
      /** Source addresses (IP or CIDR) it may call from; empty = any. */
      "addresses": string[];
      /** Commands a minute; 0 = unlimited. */
      "ratePerMinute": number;
      /** A send whose outcome is unknown: report it, or send it again. */
      "onUnknown": "report" | "resend";
      /** Incoming messages: those that @ the bot or come privately, all, or none. */
      "userMsg": "mentions" | "all" | "none";
      /** Event types it gets; absent = all. */
      "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
      /** A send that could not leave within this time has failed. */
      "sendExpirySeconds": number;
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      /** Live signature keys; two while it changes over. */
      "keyCount": number;
      /** Why its deliveries are held; null: they are not. */
      "pausedReason": string | null;
    };
  };
  /** Post a request for trial to a channel's receiver */
  "pingChannel": {
    method: "post";
    path: "/api/v1/channels/{chid}/ping";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** An event would count as delivered. */
      "delivered": boolean;
      "url": string;
      "tookMs": number;
      "status": number | null;
      "error": string | null;
      /** Beginning of what the receiver answered. */
      "answer": string;
    };
  };
  /** Send dead letters again, with the same ids and bytes */
  "redrive": {
    method: "post";
    path: "/api/v1/channels/{chid}/redrive";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: {
      "eventIds"?: number[];
      /** First event id. */
      "from"?: number;
      /** Last event id. */
      "to"?: number;
      "type"?: "qrCode" | "botStatus" | "userMsg" | "sendStatus";
      "replay"?: boolean;
    };
    answer: {
      /** So many go out again. */
      "count": number;
    };
  };
  /** Deliver again; what was held goes out now */
  "resumeChannel": {
    method: "post";
    path: "/api/v1/channels/{chid}/resume";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** Channel number, assigned by the operator. */
      "chid": string;
      /** Name shown to operators. */
      "name"?: string;
      /** PEM public key for RSA signatures in reqHead.sign. */
      "publicKey"?: string;
      /** Where events are posted to. Secrets in it are `***`; sent back as it is, they stay. */
      "callbackUrl"?: string;
      "callbackFormat": "form" | "json";
      /** body: 2xx and result=success in the answer; status: any 2xx. */
      "callbackAck": "body" | "status";
      /** Botcodes it may command; "*" = all. */
      "bots": "*" | (string | "*")[];
      /** Commands it may give; "*" = all. */
      "commands": "*" | string[];
      /** Source addresses (IP or CIDR) it may call from; empty = any. */
      "addresses": string[];
      /** Commands a minute; 0 = unlimited. */
      "ratePerMinute": number;
      /** A send whose outcome is unknown: report it, or send it again. */
      "onUnknown": "report" | "resend";
      /** Incoming messages: those that @ the bot or come privately, all, or none. */
      "userMsg": "mentions" | "all" | "none";
      /** Event types it gets; absent = all. */
      "events"?: ("qrCode" | "botStatus" | "userMsg" | "sendStatus")[];
      /** A send that could not leave within this time has failed. */
      "sendExpirySeconds": number;
      /** config: what the file says wins at each start. */
      "source": "config" | "admin";
      /** Live signature keys; two while it changes over. */
      "keyCount": number;
      /** Why its deliveries are held; null: they are not. */
      "pausedReason": string | null;
    };
  };
  /** Make a new key; the one before stays valid for a while */
  "rotateKey": {
    method: "post";
    path: "/api/v1/channels/{chid}/rotate";
    params: {
      "chid": string;
    };
    query: Record<never, never>;
    body: {
      /** How long the key before stays valid. */
      "overlapSeconds"?: number;
    };
    answer: {
      /** The signature key. Shown here and never again. */
      "key": string;
    };
  };
  /** Ask as anybody would, and see how the answer came about */
  "askChatbot": {
    method: "post";
    path: "/api/v1/chatbot/ask";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "question": string;
      /** `chat` of a trial before: goes on with it. */
      "chat"?: string;
    };
    answer: {
      "turn": number;
      /** Of the reply. */
      "messageId": string;
      "questionId": string;
      /** Empty: an agent said something unasked. */
      "question": string;
      /** Epoch ms, as its asker says. */
      "askedAt": number;
      /** Epoch milliseconds. */
      "receivedAt": number;
      "state": "making" | "done" | "failed" | "cancelled";
      "answer": string;
      /** Of a card or an image. */
      "reply": {
        "type": string;
      } & Record<string, unknown> | null;
      "finish": string | null;
      "doneAt": number | null;
      "liked": boolean | null;
      "trace": ({
        "step": "rules" | "knowledge" | "model" | "fallback" | "human";
        "outcome": "answered" | "pass" | "failed";
        "ms": number;
        "rule"?: number | string;
        /** Number of the entry that was the answer. */
        "entry"?: number;
        "score"?: number;
        /** direct, picked, suggest or miss. */
        "verdict"?: string;
        "candidates"?: {
          "entry": number;
          "score": number;
          "title": string;
        }[];
        /** Entries that a model was given. */
        "cited"?: number[];
        "model"?: string;
        "tokens"?: {
          "prompt": number;
          "completion": number;
        };
        /** Until the first piece of text. */
        "firstMs"?: number;
        /** The send by which a bot says it. */
        "msgid"?: number;
        "note"?: string;
      })[];
      /** How an answer left that a bot says in a room or in private. */
      "send": {
        "msgid": number;
        "state": string;
        "reason": string | null;
      } | null;
      "chat": string;
      /** chatbot.enabled: false and nobody else is answered. */
      "enabled": boolean;
    };
  };
  /** Talks with the chatbot, the one talked in last first */
  "listChats": {
    method: "get";
    path: "/api/v1/chatbot/chats";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "state"?: "open" | "human" | "ended";
    };
    body: never;
    answer: {
      "items": ({
        /** The sessionId; of rooms and trials a name of our own. */
        "id": string;
        "channel": "mpweixin" | "room" | "private" | "test";
        /** human: agents answer until they, or the customer, give it back to the bot. */
        "state": "open" | "human" | "ended";
        /** Questions so far. */
        "turns": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "lastAt": number;
        "endedAt": number | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One talk */
  "getChat": {
    method: "get";
    path: "/api/v1/chatbot/chats/{id}";
    params: {
      "id": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** The sessionId; of rooms and trials a name of our own. */
      "id": string;
      "channel": "mpweixin" | "room" | "private" | "test";
      /** human: agents answer until they, or the customer, give it back to the bot. */
      "state": "open" | "human" | "ended";
      /** Questions so far. */
      "turns": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "lastAt": number;
      "endedAt": number | null;
    };
  };
  /** Hand a chat in which agents answer back to the bot */
  "handBackChat": {
    method: "post";
    path: "/api/v1/chatbot/chats/{id}/hand-back";
    params: {
      "id": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** The sessionId; of rooms and trials a name of our own. */
      "id": string;
      "channel": "mpweixin" | "room" | "private" | "test";
      /** human: agents answer until they, or the customer, give it back to the bot. */
      "state": "open" | "human" | "ended";
      /** Questions so far. */
      "turns": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "lastAt": number;
      "endedAt": number | null;
    };
  };
  /** Questions and answers of a talk with their traces, newest first */
  "listChatTurns": {
    method: "get";
    path: "/api/v1/chatbot/chats/{id}/turns";
    params: {
      "id": string;
    };
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "turn": number;
        /** Of the reply. */
        "messageId": string;
        "questionId": string;
        /** Empty: an agent said something unasked. */
        "question": string;
        /** Epoch ms, as its asker says. */
        "askedAt": number;
        /** Epoch milliseconds. */
        "receivedAt": number;
        "state": "making" | "done" | "failed" | "cancelled";
        "answer": string;
        /** Of a card or an image. */
        "reply": {
          "type": string;
        } & Record<string, unknown> | null;
        "finish": string | null;
        "doneAt": number | null;
        "liked": boolean | null;
        "trace": ({
          "step": "rules" | "knowledge" | "model" | "fallback" | "human";
          "outcome": "answered" | "pass" | "failed";
          "ms": number;
          "rule"?: number | string;
          /** Number of the entry that was the answer. */
          "entry"?: number;
          "score"?: number;
          /** direct, picked, suggest or miss. */
          "verdict"?: string;
          "candidates"?: {
            "entry": number;
            "score": number;
            "title": string;
          }[];
          /** Entries that a model was given. */
          "cited"?: number[];
          "model"?: string;
          "tokens"?: {
            "prompt": number;
            "completion": number;
          };
          /** Until the first piece of text. */
          "firstMs"?: number;
          /** The send by which a bot says it. */
          "msgid"?: number;
          "note"?: string;
        })[];
        /** How an answer left that a bot says in a room or in private. */
        "send": {
          "msgid": number;
          "state": string;
          "reason": string | null;
        } | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** The knowledge bases, and how many entries each holds */
  "listKnowledgeBases": {
    method: "get";
    path: "/api/v1/chatbot/kb";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "items": {
        "kb": string;
        "entries": number;
        "enabled": number;
        /** Of the starter knowledge; they answer nobody as there are entries of your own. */
        "resting": number;
      }[];
    };
  };
  /** Entries of the knowledge bases, by number */
  "listKbEntries": {
    method: "get";
    path: "/api/v1/chatbot/kb/entries";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "kb"?: string;
      "source"?: string;
      "text"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        "kb": string;
        /** doc: a part of a document. */
        "kind": "qa" | "doc";
        "title": string;
        "answer": string;
        "reply": Record<string, unknown> | null;
        "enabled": boolean;
        "tags": string[];
        /** admin, or the file that it came from. */
        "source": string;
        /** How often it was the answer. */
        "hits": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "updatedAt": number;
        "phrases": {
          "text": string;
          /** By an operator, to what was imported. */
          "added": boolean;
        }[];
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add an entry; it is found at once */
  "addKbEntry": {
    method: "post";
    path: "/api/v1/chatbot/kb/entries";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Name of a knowledge base. */
      "kb": string;
      /** The question; needed. */
      "title"?: string;
      /** The same as `title`. */
      "question"?: string;
      "answer": string;
      /** An answer that is more than text. */
      "reply"?: {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "card": {
          "appid": string;
          /** Original id of the mini-program (gh_…). */
          "username": string;
          "title": string;
          "description"?: string;
          "pagePath": string;
          "thumbUrl": string;
          /** Key of thumbUrl. */
          "thumbKey"?: string;
        };
      };
      /** false: it is kept, and never found. */
      "enabled"?: boolean;
      "tags"?: string[];
      /** Further ways to ask. */
      "phrases"?: string[];
    };
    answer: {
      "id": number;
      "kb": string;
      /** doc: a part of a document. */
      "kind": "qa" | "doc";
      "title": string;
      "answer": string;
      "reply": Record<string, unknown> | null;
      "enabled": boolean;
      "tags": string[];
      /** admin, or the file that it came from. */
      "source": string;
      /** How often it was the answer. */
      "hits": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Remove what a source brought, or what a knowledge base holds */
  "removeKbEntries": {
    method: "delete";
    path: "/api/v1/chatbot/kb/entries";
    params: Record<never, never>;
    query: {
      "source"?: string;
      "kb"?: string;
    };
    body: never;
    answer: {
      "removed": number;
    };
  };
  /** One entry with the ways to ask for it */
  "getKbEntry": {
    method: "get";
    path: "/api/v1/chatbot/kb/entries/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      "kb": string;
      /** doc: a part of a document. */
      "kind": "qa" | "doc";
      "title": string;
      "answer": string;
      "reply": Record<string, unknown> | null;
      "enabled": boolean;
      "tags": string[];
      /** admin, or the file that it came from. */
      "source": string;
      /** How often it was the answer. */
      "hits": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
      "phrases": {
        "text": string;
        /** By an operator, to what was imported. */
        "added": boolean;
      }[];
    };
  };
  /** Change an entry; what is left out stays, and so does its number */
  "changeKbEntry": {
    method: "patch";
    path: "/api/v1/chatbot/kb/entries/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      /** Name of a knowledge base. */
      "kb"?: string;
      /** The question; needed. */
      "title"?: string;
      /** The same as `title`. */
      "question"?: string;
      "answer"?: string;
      /** null: text. */
      "reply"?: {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "card": {
          "appid": string;
          /** Original id of the mini-program (gh_…). */
          "username": string;
          "title": string;
          "description"?: string;
          "pagePath": string;
          "thumbUrl": string;
          /** Key of thumbUrl. */
          "thumbKey"?: string;
        };
      } | null;
      /** false: it is kept, and never found. */
      "enabled"?: boolean;
      "tags"?: string[];
      /** Further ways to ask. */
      "phrases"?: string[];
    };
    answer: {
      "id": number;
      "kb": string;
      /** doc: a part of a document. */
      "kind": "qa" | "doc";
      "title": string;
      "answer": string;
      "reply": Record<string, unknown> | null;
      "enabled": boolean;
      "tags": string[];
      /** admin, or the file that it came from. */
      "source": string;
      /** How often it was the answer. */
      "hits": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Remove an entry; its number is never given again */
  "removeKbEntry": {
    method: "delete";
    path: "/api/v1/chatbot/kb/entries/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Add a way to ask for an entry */
  "addKbPhrase": {
    method: "post";
    path: "/api/v1/chatbot/kb/entries/{id}/phrases";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      "text": string;
    };
    answer: {
      /** false: it was there already. */
      "added": boolean;
    };
  };
  /** Take the entries of a file */
  "importKnowledge": {
    method: "post";
    path: "/api/v1/chatbot/kb/import";
    params: Record<never, never>;
    query: {
      "format"?: "csv" | "json" | "jsonl" | "markdown";
      "kb": string;
      "source"?: string;
      "replace"?: "true" | "false";
      "name"?: string;
    };
    body: Blob;
    answer: {
      "added": number;
      "changed": number;
      "unchanged": number;
      "removed": number;
      "faulty": number;
      /** The first hundred. line: in a JSON list, the place of the item. */
      "faults": {
        "line": number;
        "reason": string;
      }[];
      /** Entries that another source has word for word: they count once. */
      "repeated": {
        "source": string;
        "entries": number;
      }[];
    };
  };
  /** What a question finds, and why; nothing is counted */
  "testKnowledge": {
    method: "post";
    path: "/api/v1/chatbot/kb/test";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "question": string;
      "kb"?: string;
      /** The starter knowledge is looked at, too, even if it answers nobody. */
      "starter"?: boolean;
    };
    answer: {
      "question": string;
      /** With characters that only sound right, and pinyin, put right. */
      "corrected": string | null;
      /** What was looked for, and what means the same. */
      "words": string[];
      /** Phrasings and answers that the index gave. */
      "candidates": number;
      "found": {
        "entry": number;
        "kb": string;
        "title": string;
        "score": number;
        /** The way to ask that is most like the question. */
        "phrase": string;
      }[];
      /** direct: the first one answers; suggest: `options` are offered. */
      "verdict": "direct" | "suggest" | "miss";
      "options": number[];
      /** direct: what is said, of a passage the part that answers. */
      "answer": string | null;
      "thresholds": {
        "direct": number;
        "suggest": number;
        "gap": number;
      };
      "ms": number;
    };
  };
  /** Ask the language model one short question */
  "testChatbotModel": {
    method: "post";
    path: "/api/v1/chatbot/model/test";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "ok": boolean;
      "model": string | null;
      "text": string;
      "finish": "stop" | "length" | "content_filter" | "error" | "cancelled" | null;
      /** Until its first word. */
      "firstMs": number | null;
      /** Until it was done. */
      "ms": number;
      "tokens": {
        "prompt": number;
        "completion": number;
      } | null;
      "reason": "off" | "resting" | "crowded" | "budget" | "unreachable" | "unauthorized" | "throttled" | "refused" | "failing" | "slow" | "endless" | "cut" | "garbage" | "empty" | "cancelled" | null;
      /** HTTP status that it refused with. */
      "status": number | null;
      /** The reason in words. */
      "why": string | null;
      /** In the words of its server, without keys. */
      "detail": string | null;
      /** Used since midnight of the configured zone. */
      "tokensToday": number;
    };
  };
  /** In which rooms bots answer */
  "listChatbotRooms": {
    method: "get";
    path: "/api/v1/chatbot/rooms";
    params: Record<never, never>;
    query: {
      "botcode"?: string;
    };
    body: never;
    answer: {
      "items": {
        "botcode": string;
        "roomId": string;
        "topic": string;
        "enabled": boolean;
        /** Said of this room; false: it is as the config says (chatbot.bots, chatbot.rooms). */
        "own": boolean;
      }[];
    };
  };
  /** Switch the chatbot on or off in a room */
  "setChatbotRoom": {
    method: "put";
    path: "/api/v1/chatbot/rooms";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "botcode": string;
      "roomId": string;
      /** null: as the config says (chatbot.bots, chatbot.rooms). */
      "enabled": boolean | null;
    };
    answer: void;
  };
  /** Answers by keyword, by number */
  "listRules": {
    method: "get";
    path: "/api/v1/chatbot/rules";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        /** config: changed in the file. */
        "source": "config" | "admin";
        "name": string;
        /** exact: apart from punctuation at the ends. */
        "kind": "exact" | "contains" | "prefix" | "regex";
        "pattern": string;
        "scope": {
          /** mpweixin, room, …; absent: all. */
          "channels"?: string[];
          "botcodes"?: string[];
          /** Ids of rooms. */
          "rooms"?: string[];
          /** In rooms only where the bot was @ed. */
          "mentioned"?: boolean;
        };
        /** The highest answers. */
        "priority": number;
        "reply": {
          "type": "text";
          "text": string;
        } | {
          "type": "image";
          /** Where the picture is. */
          "url": string;
        } | {
          "type": "card";
          "appid": string;
          /** Original id of the mini-program (gh_…). */
          "username": string;
          "title": string;
          "description": string;
          "pagePath": string;
          "thumbUrl": string;
          /** Key of thumbUrl. */
          "thumbKey"?: string;
        } | {
          "type": "handover";
          "storeId"?: number;
          /** Said before an agent answers. */
          "text"?: string;
        } | {
          "type": "webhook";
          /** Asked for the answer: POST {text, …}, answers {text}. */
          "url": string;
        };
        "enabled": boolean;
        /** How often it was the answer. */
        "hits": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "updatedAt": number;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a rule; it answers at once */
  "addRule": {
    method: "post";
    path: "/api/v1/chatbot/rules";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "name": string;
      /** exact: apart from punctuation at the ends. */
      "kind"?: "exact" | "contains" | "prefix" | "regex";
      "pattern": string;
      "scope"?: {
        /** mpweixin, room, …; absent: all. */
        "channels"?: string[];
        "botcodes"?: string[];
        /** Ids of rooms. */
        "rooms"?: string[];
        /** In rooms only where the bot was @ed. */
        "mentioned"?: boolean;
      };
      /** The highest answers. */
      "priority"?: number;
      "reply": {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "appid": string;
        /** Original id of the mini-program (gh_…). */
        "username": string;
        "title": string;
        "description"?: string;
        "pagePath": string;
        "thumbUrl": string;
        /** Key of thumbUrl. */
        "thumbKey"?: string;
      } | {
        "type": "handover";
        "storeId"?: number;
        /** Said before an agent answers. */
        "text"?: string;
      } | {
        "type": "webhook";
        /** Asked for the answer: POST {text, …}, answers {text}. */
        "url": string;
      };
      "enabled"?: boolean;
    };
    answer: {
      "id": number;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "name": string;
      /** exact: apart from punctuation at the ends. */
      "kind": "exact" | "contains" | "prefix" | "regex";
      "pattern": string;
      "scope": {
        /** mpweixin, room, …; absent: all. */
        "channels"?: string[];
        "botcodes"?: string[];
        /** Ids of rooms. */
        "rooms"?: string[];
        /** In rooms only where the bot was @ed. */
        "mentioned"?: boolean;
      };
      /** The highest answers. */
      "priority": number;
      "reply": {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "appid": string;
        /** Original id of the mini-program (gh_…). */
        "username": string;
        "title": string;
        "description": string;
        "pagePath": string;
        "thumbUrl": string;
        /** Key of thumbUrl. */
        "thumbKey"?: string;
      } | {
        "type": "handover";
        "storeId"?: number;
        /** Said before an agent answers. */
        "text"?: string;
      } | {
        "type": "webhook";
        /** Asked for the answer: POST {text, …}, answers {text}. */
        "url": string;
      };
      "enabled": boolean;
      /** How often it was the answer. */
      "hits": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Which rule would answer, and which others match; nothing is counted */
  "testRules": {
    method: "post";
    path: "/api/v1/chatbot/rules/test";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "text": string;
      "channel"?: string;
      "botcode"?: string;
      "roomId"?: string;
      "mentioned"?: boolean;
    };
    answer: {
      "hit": {
        "id": number;
        /** config: changed in the file. */
        "source": "config" | "admin";
        "name": string;
        /** exact: apart from punctuation at the ends. */
        "kind": "exact" | "contains" | "prefix" | "regex";
        "pattern": string;
        "scope": {
          /** mpweixin, room, …; absent: all. */
          "channels"?: string[];
          "botcodes"?: string[];
          /** Ids of rooms. */
          "rooms"?: string[];
          /** In rooms only where the bot was @ed. */
          "mentioned"?: boolean;
        };
        /** The highest answers. */
        "priority": number;
        "reply": {
          "type": "text";
          "text": string;
        } | {
          "type": "image";
          /** Where the picture is. */
          "url": string;
        } | {
          "type": "card";
          "appid": string;
          /** Original id of the mini-program (gh_…). */
          "username": string;
          "title": string;
          "description": string;
          "pagePath": string;
          "thumbUrl": string;
          /** Key of thumbUrl. */
          "thumbKey"?: string;
        } | {
          "type": "handover";
          "storeId"?: number;
          /** Said before an agent answers. */
          "text"?: string;
        } | {
          "type": "webhook";
          /** Asked for the answer: POST {text, …}, answers {text}. */
          "url": string;
        };
        "enabled": boolean;
        /** How often it was the answer. */
        "hits": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "updatedAt": number;
      } | null;
      "matching": ({
        "id": number;
        /** config: changed in the file. */
        "source": "config" | "admin";
        "name": string;
        /** exact: apart from punctuation at the ends. */
        "kind": "exact" | "contains" | "prefix" | "regex";
        "pattern": string;
        "scope": {
          /** mpweixin, room, …; absent: all. */
          "channels"?: string[];
          "botcodes"?: string[];
          /** Ids of rooms. */
          "rooms"?: string[];
          /** In rooms only where the bot was @ed. */
          "mentioned"?: boolean;
        };
        /** The highest answers. */
        "priority": number;
        "reply": {
          "type": "text";
          "text": string;
        } | {
          "type": "image";
          /** Where the picture is. */
          "url": string;
        } | {
          "type": "card";
          "appid": string;
          /** Original id of the mini-program (gh_…). */
          "username": string;
          "title": string;
          "description": string;
          "pagePath": string;
          "thumbUrl": string;
          /** Key of thumbUrl. */
          "thumbKey"?: string;
        } | {
          "type": "handover";
          "storeId"?: number;
          /** Said before an agent answers. */
          "text"?: string;
        } | {
          "type": "webhook";
          /** Asked for the answer: POST {text, …}, answers {text}. */
          "url": string;
        };
        "enabled": boolean;
        /** How often it was the answer. */
        "hits": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "updatedAt": number;
      })[];
    };
  };
  /** One rule */
  "getRule": {
    method: "get";
    path: "/api/v1/chatbot/rules/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "name": string;
      /** exact: apart from punctuation at the ends. */
      "kind": "exact" | "contains" | "prefix" | "regex";
      "pattern": string;
      "scope": {
        /** mpweixin, room, …; absent: all. */
        "channels"?: string[];
        "botcodes"?: string[];
        /** Ids of rooms. */
        "rooms"?: string[];
        /** In rooms only where the bot was @ed. */
        "mentioned"?: boolean;
      };
      /** The highest answers. */
      "priority": number;
      "reply": {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "appid": string;
        /** Original id of the mini-program (gh_…). */
        "username": string;
        "title": string;
        "description": string;
        "pagePath": string;
        "thumbUrl": string;
        /** Key of thumbUrl. */
        "thumbKey"?: string;
      } | {
        "type": "handover";
        "storeId"?: number;
        /** Said before an agent answers. */
        "text"?: string;
      } | {
        "type": "webhook";
        /** Asked for the answer: POST {text, …}, answers {text}. */
        "url": string;
      };
      "enabled": boolean;
      /** How often it was the answer. */
      "hits": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Change a rule; one of the config file is changed there */
  "changeRule": {
    method: "patch";
    path: "/api/v1/chatbot/rules/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      /** exact: apart from punctuation at the ends. */
      "kind"?: "exact" | "contains" | "prefix" | "regex";
      "pattern"?: string;
      "scope"?: {
        /** mpweixin, room, …; absent: all. */
        "channels"?: string[];
        "botcodes"?: string[];
        /** Ids of rooms. */
        "rooms"?: string[];
        /** In rooms only where the bot was @ed. */
        "mentioned"?: boolean;
      };
      /** The highest answers. */
      "priority"?: number;
      "reply"?: {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "appid": string;
        /** Original id of the mini-program (gh_…). */
        "username": string;
        "title": string;
        "description"?: string;
        "pagePath": string;
        "thumbUrl": string;
        /** Key of thumbUrl. */
        "thumbKey"?: string;
      } | {
        "type": "handover";
        "storeId"?: number;
        /** Said before an agent answers. */
        "text"?: string;
      } | {
        "type": "webhook";
        /** Asked for the answer: POST {text, …}, answers {text}. */
        "url": string;
      };
      "enabled"?: boolean;
    };
    answer: {
      "id": number;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "name": string;
      /** exact: apart from punctuation at the ends. */
      "kind": "exact" | "contains" | "prefix" | "regex";
      "pattern": string;
      "scope": {
        /** mpweixin, room, …; absent: all. */
        "channels"?: string[];
        "botcodes"?: string[];
        /** Ids of rooms. */
        "rooms"?: string[];
        /** In rooms only where the bot was @ed. */
        "mentioned"?: boolean;
      };
      /** The highest answers. */
      "priority": number;
      "reply": {
        "type": "text";
        "text": string;
      } | {
        "type": "image";
        /** Where the picture is. */
        "url": string;
      } | {
        "type": "card";
        "appid": string;
        /** Original id of the mini-program (gh_…). */
        "username": string;
        "title": string;
        "description": string;
        "pagePath": string;
        "thumbUrl": string;
        /** Key of thumbUrl. */
        "thumbKey"?: string;
      } | {
        "type": "handover";
        "storeId"?: number;
        /** Said before an agent answers. */
        "text"?: string;
      } | {
        "type": "webhook";
        /** Asked for the answer: POST {text, …}, answers {text}. */
        "url": string;
      };
      "enabled": boolean;
      /** How often it was the answer. */
      "hits": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Remove a rule; one of the config file is removed there */
  "removeRule": {
    method: "delete";
    path: "/api/v1/chatbot/rules/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Questions that found no answer, the most asked first */
  "listUnanswered": {
    method: "get";
    path: "/api/v1/chatbot/unanswered";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": {
        "id": number;
        "question": string;
        /** How often it was asked. */
        "count": number;
        /** The talk in which it was asked last. */
        "chat": string;
        /** Epoch milliseconds. */
        "firstAt": number;
        /** Epoch milliseconds. */
        "lastAt": number;
        /** The last time a language model answered; the knowledge base could not. */
        "byModel": boolean;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Leave a question without an answer: it is not shown again */
  "dropUnanswered": {
    method: "delete";
    path: "/api/v1/chatbot/unanswered/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Give a question an answer: one that is there, or a new one */
  "answerUnanswered": {
    method: "post";
    path: "/api/v1/chatbot/unanswered/{id}/answer";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      "entry"?: number;
      "kb"?: string;
      "answer"?: string;
      /** Default: the question. */
      "title"?: string;
    };
    answer: {
      "entry": number;
    };
  };
  /** The config in force, defaults included; secrets are masked */
  "getConfig": {
    method: "get";
    path: "/api/v1/config";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "config": Record<string, unknown>;
    };
  };
  /** Events and how far their delivery got, newest first */
  "listDeliveries": {
    method: "get";
    path: "/api/v1/deliveries";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "chid"?: string;
      "state"?: "due" | "acked" | "dead" | "superseded" | "none" | "discarded";
    };
    body: never;
    answer: {
      "items": ({
        "chid": string;
        "eventId": number;
        "botcode": string;
        "type": "qrCode" | "botStatus" | "userMsg" | "sendStatus";
        /** Epoch milliseconds. */
        "at": number;
        "state": "due" | "acked" | "dead" | "superseded" | "none" | "discarded";
        /** Tries since it became due. */
        "attempts": number;
        "nextTryAt": number | null;
        "doneAt": number | null;
        "lastError": string | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Pull events of a channel, with long polling */
  "readEvents": {
    method: "get";
    path: "/api/v1/events";
    params: Record<never, never>;
    query: {
      "chid"?: string;
      "after"?: string;
      "limit"?: string;
      "types"?: string;
      "wait"?: string;
    };
    body: never;
    answer: {
      "events": ({
        "eventId": number;
        /** Epoch milliseconds. */
        "eventTime": number;
        "botcode": string;
        "type": "qrCode" | "botStatus" | "userMsg" | "sendStatus";
      } & Record<string, unknown>)[];
      /** Read on after this id. With `types` it can rise while no event matched. */
      "lastId": number;
    };
  };
  /** Events of a channel as server-sent events */
  "streamEvents": {
    method: "get";
    path: "/api/v1/events/stream";
    params: Record<never, never>;
    query: {
      "chid"?: string;
      "after"?: string;
      "types"?: string;
    };
    body: never;
    answer: string;
  };
  /** Upload a file */
  "uploadFile": {
    method: "post";
    path: "/api/v1/files";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      /** Where it is served, below the address of the daemon. */
      "url": string;
      "sha256": string;
      /** Media type, told by content. */
      "type": string;
      "size": number;
    };
  };
  /** Every application, by appid */
  "listImApps": {
    method: "get";
    path: "/api/v1/im/apps";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "appid": number;
        "name": string;
        /** The desk its customers reach; null: it has none. */
        "storeId": number | null;
        /** Behind it inboxes begin that have no message yet. A restore raises it by a million. */
        "firstKey": number;
        /** config: the secret is what the file says. */
        "source": "config" | "admin";
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add an application; without a secret one is made */
  "addImApp": {
    method: "post";
    path: "/api/v1/im/apps";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "appid": number;
      "name"?: string;
      "secret"?: string;
      /** Above every key that clients of the application hold from another server. Can only be raised. */
      "firstKey"?: number;
    };
    answer: {
      "app": {
        "appid": number;
        "name": string;
        /** The desk its customers reach; null: it has none. */
        "storeId": number | null;
        /** Behind it inboxes begin that have no message yet. A restore raises it by a million. */
        "firstKey": number;
        /** config: the secret is what the file says. */
        "source": "config" | "admin";
      };
      /** For its server: `Basic base64(appid:hex_md5(secret))`. Shown here and never again. */
      "secret": string;
      /** What its clients carry openly, to register customers. */
      "appKey": string;
    };
  };
  /** One application */
  "getImApp": {
    method: "get";
    path: "/api/v1/im/apps/{appid}";
    params: {
      "appid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "appid": number;
      "name": string;
      /** The desk its customers reach; null: it has none. */
      "storeId": number | null;
      /** Behind it inboxes begin that have no message yet. A restore raises it by a million. */
      "firstKey": number;
      /** config: the secret is what the file says. */
      "source": "config" | "admin";
    };
  };
  /** Change the name, the desk that its customers reach, or where new inboxes begin */
  "changeImApp": {
    method: "patch";
    path: "/api/v1/im/apps/{appid}";
    params: {
      "appid": number;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      /** null: its customers reach no desk. */
      "storeId"?: number | null;
      /** Above every key that clients of the application hold from another server. Can only be raised. */
      "firstKey"?: number;
    };
    answer: {
      "appid": number;
      "name": string;
      /** The desk its customers reach; null: it has none. */
      "storeId": number | null;
      /** Behind it inboxes begin that have no message yet. A restore raises it by a million. */
      "firstKey": number;
      /** config: the secret is what the file says. */
      "source": "config" | "admin";
    };
  };
  /** Remove an application; one of the config file is removed there */
  "removeImApp": {
    method: "delete";
    path: "/api/v1/im/apps/{appid}";
    params: {
      "appid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** The key that the clients of an application carry */
  "showImAppKey": {
    method: "get";
    path: "/api/v1/im/apps/{appid}/app-key";
    params: {
      "appid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** What its clients carry openly, to register customers. */
      "appKey": string;
    };
  };
  /** Make a new secret; the one before ends at once */
  "rotateImSecret": {
    method: "post";
    path: "/api/v1/im/apps/{appid}/rotate";
    params: {
      "appid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** For its server: `Basic base64(appid:hex_md5(secret))`. Shown here and never again. */
      "secret": string;
    };
  };
  /** One user: settings, inbox, connections */
  "getImUser": {
    method: "get";
    path: "/api/v1/im/apps/{appid}/users/{uid}";
    params: {
      "appid": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "appid": number;
      "uid": number;
      "name": string;
      "avatar": string;
      /** May not speak in chat rooms; a customer gets no token any more. */
      "forbidden": boolean;
      /** The phone is silent while a desktop is online. */
      "mute": boolean;
      "online": boolean;
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Users whose messages make no noise. */
      "quietPeers": number[];
      /** Groups whose messages make no noise. */
      "quietGroups": number[];
      "inbox": {
        /** seq of the newest place; of an empty inbox the one it begins behind. */
        "last": number;
        /** seq up to which it has been read. */
        "read": number;
      };
      /** At most 200 of them. */
      "connections": ({
        /** Unique until the daemon ends. */
        "id": number;
        /** official: a socket of the official-account component. */
        "family": "gobelieve" | "official";
        /** -1 with the official-account component: people known by a text. */
        "appid": number;
        "uid": number;
        /** The userid of the official-account component; else empty. */
        "name": string;
        "platform": "other" | "ios" | "android" | "web" | "desktop" | "mac";
        /** Number of the device; 0: a web session. */
        "device": number;
        "transport": "tcp" | "websocket";
        "address": string;
        /** Epoch milliseconds. */
        "since": number;
      })[];
    };
  };
  /** Change the name or a setting; it acts at once */
  "changeImUser": {
    method: "patch";
    path: "/api/v1/im/apps/{appid}/users/{uid}";
    params: {
      "appid": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      "forbidden"?: boolean;
      "mute"?: boolean;
    };
    answer: {
      "appid": number;
      "uid": number;
      "name": string;
      "avatar": string;
      /** May not speak in chat rooms; a customer gets no token any more. */
      "forbidden": boolean;
      /** The phone is silent while a desktop is online. */
      "mute": boolean;
      "online": boolean;
      /** Epoch milliseconds. */
      "createdAt": number;
    };
  };
  /** End every connection of a user; its clients may come back */
  "kickImUser": {
    method: "delete";
    path: "/api/v1/im/apps/{appid}/users/{uid}/connections";
    params: {
      "appid": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      /** So many were ended. */
      "count": number;
    };
  };
  /** What a user said and was told, newest first */
  "listImInbox": {
    method: "get";
    path: "/api/v1/im/apps/{appid}/users/{uid}/messages";
    params: {
      "appid": number;
      "uid": number;
    };
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        /** Its place in the inbox; clients call it key, `GET /messages` calls it id. */
        "seq": number;
        /** Its number in the log of all messages. */
        "id": number;
        "kind": "peer" | "group" | "notice" | "system" | "customer" | "toDesk" | "fromDesk" | "imbot" | "official";
        "appid": number;
        /** 0: the system. */
        "sender": number;
        /** A uid; of group and notice the number of the group. */
        "receiver": number;
        /** On which it was said; 0: a web session, or REST. */
        "device": number;
        /** What messages of customer service name besides. */
        "parties": {
          "senderApp"?: number;
          "receiverApp"?: number;
          "customerApp"?: number;
          "customer"?: number;
          "storeId"?: number;
          "seller"?: number;
          /** Of the conversation with a customer. */
          "conversation"?: number;
          /** Who answered in it; absent: the customer. */
          "agent"?: string;
        } | null;
        /** Epoch milliseconds. */
        "at": number;
        /** What was said; null: it is not UTF-8. */
        "text": string | null;
        /** The same parsed, where it is a JSON object or list; else absent. */
        "json"?: unknown;
        /** What was said where it is not UTF-8. */
        "base64": string | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** The token of a user, for a trial; there is the user if there was none */
  "grantImToken": {
    method: "post";
    path: "/api/v1/im/apps/{appid}/users/{uid}/token";
    params: {
      "appid": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
    };
    answer: {
      "token": string;
    };
  };
  /** End the token of a user and its connections */
  "revokeImToken": {
    method: "delete";
    path: "/api/v1/im/apps/{appid}/users/{uid}/token";
    params: {
      "appid": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Who is connected and logged in, oldest connection first */
  "listImConnections": {
    method: "get";
    path: "/api/v1/im/connections";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "appid"?: number;
      "uid"?: number;
    };
    body: never;
    answer: {
      "items": ({
        /** Unique until the daemon ends. */
        "id": number;
        /** official: a socket of the official-account component. */
        "family": "gobelieve" | "official";
        /** -1 with the official-account component: people known by a text. */
        "appid": number;
        "uid": number;
        /** The userid of the official-account component; else empty. */
        "name": string;
        "platform": "other" | "ios" | "android" | "web" | "desktop" | "mac";
        /** Number of the device; 0: a web session. */
        "device": number;
        "transport": "tcp" | "websocket";
        "address": string;
        /** Epoch milliseconds. */
        "since": number;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** End a connection; its client may come back */
  "kickImConnection": {
    method: "delete";
    path: "/api/v1/im/connections/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Conversations with customers, the one talked in last first */
  "listConversations": {
    method: "get";
    path: "/api/v1/im/conversations";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "agent"?: string;
      "storeId"?: number;
      "via"?: "wechat" | "imbot" | "gobelieve" | "chat";
      "waiting"?: "true" | "false";
      "text"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        /** How the customer comes: WeChat, the mini-program IM, a client of GoBelieve, the chatbot. */
        "via": "wechat" | "imbot" | "gobelieve" | "chat";
        /** The WeChat appid, or the number of the application; else empty. */
        "account": string;
        /** What agents call the customer. */
        "contact": string;
        "name": string;
        "avatar": string;
        /** The desk; null: none. */
        "storeId": number | null;
        /** Who answers; null: whoever is on duty next. */
        "agent": string | null;
        /** What the agent is called at the desk. */
        "agentName": string | null;
        /** Nobody was told yet of what the customer said last. */
        "waiting": boolean;
        /** The customer as a user of the message core; appid -1: known by a text. */
        "customer": {
          "appid": number;
          "uid": number;
        };
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "lastAt": number;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One conversation */
  "getConversation": {
    method: "get";
    path: "/api/v1/im/conversations/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      /** How the customer comes: WeChat, the mini-program IM, a client of GoBelieve, the chatbot. */
      "via": "wechat" | "imbot" | "gobelieve" | "chat";
      /** The WeChat appid, or the number of the application; else empty. */
      "account": string;
      /** What agents call the customer. */
      "contact": string;
      "name": string;
      "avatar": string;
      /** The desk; null: none. */
      "storeId": number | null;
      /** Who answers; null: whoever is on duty next. */
      "agent": string | null;
      /** What the agent is called at the desk. */
      "agentName": string | null;
      /** Nobody was told yet of what the customer said last. */
      "waiting": boolean;
      /** The customer as a user of the message core; appid -1: known by a text. */
      "customer": {
        "appid": number;
        "uid": number;
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "lastAt": number;
    };
  };
  /** Give a conversation to another agent, release it, name the customer */
  "updateConversation": {
    method: "patch";
    path: "/api/v1/im/conversations/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      /** null: whoever is on duty next. */
      "agent"?: string | null;
      /** Moves it to this desk. */
      "storeId"?: number;
      "name"?: string;
      "avatar"?: string;
    };
    answer: {
      "id": number;
      /** How the customer comes: WeChat, the mini-program IM, a client of GoBelieve, the chatbot. */
      "via": "wechat" | "imbot" | "gobelieve" | "chat";
      /** The WeChat appid, or the number of the application; else empty. */
      "account": string;
      /** What agents call the customer. */
      "contact": string;
      "name": string;
      "avatar": string;
      /** The desk; null: none. */
      "storeId": number | null;
      /** Who answers; null: whoever is on duty next. */
      "agent": string | null;
      /** What the agent is called at the desk. */
      "agentName": string | null;
      /** Nobody was told yet of what the customer said last. */
      "waiting": boolean;
      /** The customer as a user of the message core; appid -1: known by a text. */
      "customer": {
        "appid": number;
        "uid": number;
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "lastAt": number;
    };
  };
  /** What was said in a conversation, newest first */
  "listConversationMessages": {
    method: "get";
    path: "/api/v1/im/conversations/{id}/messages";
    params: {
      "id": number;
    };
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        /** Its place in the customer's inbox. */
        "seq": number;
        /** Its number in the log of all messages. */
        "id": number;
        /** Epoch milliseconds. */
        "at": number;
        "by": "customer" | "agent";
        /** In whose name it was answered. */
        "agent": string | null;
        "agentName": string | null;
        /** text {text}, image voice video file {url, …}, location, link, miniProgram, event, unknown. */
        "content": {
          "type": string;
        } & Record<string, unknown>;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Answer a customer with a text */
  "answerConversation": {
    method: "post";
    path: "/api/v1/im/conversations/{id}/messages";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      "text": string;
      /** Of this answer; known as long as what was said is kept. */
      "txcode"?: string;
      /** `seq` of the newest word that you had read, 0: none. What the customer said since waits on; absent: nothing does. */
      "seen"?: number;
    };
    answer: {
      /** Number of the message. */
      "id": number;
      "agent": string;
    };
  };
  /** Customer-service desks, by number */
  "listImDesks": {
    method: "get";
    path: "/api/v1/im/desks";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "appid"?: number;
    };
    body: never;
    answer: {
      "items": {
        "storeId": number;
        /** The application whose users its sellers are. */
        "appid": number;
        "name": string;
        /** Epoch milliseconds. */
        "createdAt": number;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a desk; without a number it gets the next one */
  "addImDesk": {
    method: "post";
    path: "/api/v1/im/desks";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "appid": number;
      "name": string;
      "storeId"?: number;
    };
    answer: {
      "storeId": number;
      /** The application whose users its sellers are. */
      "appid": number;
      "name": string;
      /** Epoch milliseconds. */
      "createdAt": number;
    };
  };
  /** One desk */
  "getImDesk": {
    method: "get";
    path: "/api/v1/im/desks/{storeId}";
    params: {
      "storeId": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "storeId": number;
      /** The application whose users its sellers are. */
      "appid": number;
      "name": string;
      /** Epoch milliseconds. */
      "createdAt": number;
    };
  };
  /** Rename a desk */
  "changeImDesk": {
    method: "patch";
    path: "/api/v1/im/desks/{storeId}";
    params: {
      "storeId": number;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
    };
    answer: {
      "storeId": number;
      /** The application whose users its sellers are. */
      "appid": number;
      "name": string;
      /** Epoch milliseconds. */
      "createdAt": number;
    };
  };
  /** Remove a desk and its sellers; not while customers of an application reach it */
  "removeImDesk": {
    method: "delete";
    path: "/api/v1/im/desks/{storeId}";
    params: {
      "storeId": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Who works at a desk, by uid */
  "listImSellers": {
    method: "get";
    path: "/api/v1/im/desks/{storeId}/sellers";
    params: {
      "storeId": number;
    };
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "storeId": number;
        "uid": number;
        "name": string;
        "avatar": string;
        /** Customers are led to one who is online. */
        "status": "online" | "offline";
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a seller or change it; what is left out stays */
  "putImSeller": {
    method: "put";
    path: "/api/v1/im/desks/{storeId}/sellers/{uid}";
    params: {
      "storeId": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      "avatar"?: string;
      /** Customers are led to one who is online. */
      "status"?: "online" | "offline";
    };
    answer: {
      "storeId": number;
      "uid": number;
      "name": string;
      "avatar": string;
      /** Customers are led to one who is online. */
      "status": "online" | "offline";
    };
  };
  /** Take a seller off; its customers get another one */
  "removeImSeller": {
    method: "delete";
    path: "/api/v1/im/desks/{storeId}/sellers/{uid}";
    params: {
      "storeId": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Say whether a seller is there */
  "setImSellerStatus": {
    method: "put";
    path: "/api/v1/im/desks/{storeId}/sellers/{uid}/status";
    params: {
      "storeId": number;
      "uid": number;
    };
    query: Record<never, never>;
    body: {
      /** Customers are led to one who is online. */
      "status": "online" | "offline";
    };
    answer: void;
  };
  /** Groups, by number */
  "listImGroups": {
    method: "get";
    path: "/api/v1/im/groups";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "appid"?: number;
      "text"?: string;
    };
    body: never;
    answer: {
      "items": {
        "gid": number;
        "appid": number;
        "name": string;
        "notice": string;
        /** Need not be a member. */
        "master": number;
        /** What is said lies once in the inbox of the group. */
        "super": boolean;
        "memberCount": number;
        /** Epoch milliseconds. */
        "createdAt": number;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One group */
  "getImGroup": {
    method: "get";
    path: "/api/v1/im/groups/{gid}";
    params: {
      "gid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "gid": number;
      "appid": number;
      "name": string;
      "notice": string;
      /** Need not be a member. */
      "master": number;
      /** What is said lies once in the inbox of the group. */
      "super": boolean;
      "memberCount": number;
      /** Epoch milliseconds. */
      "createdAt": number;
    };
  };
  /** Disband a group; its members are told */
  "disbandImGroup": {
    method: "delete";
    path: "/api/v1/im/groups/{gid}";
    params: {
      "gid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Members of a group, by uid */
  "listImMembers": {
    method: "get";
    path: "/api/v1/im/groups/{gid}/members";
    params: {
      "gid": number;
    };
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": {
        "uid": number;
        /** As the application said, else of the user. */
        "name": string;
        "avatar": string;
        /** What it calls itself in this group. */
        "nickname": string;
        /** May not speak in this group. */
        "mute": boolean;
        /** Epoch milliseconds. */
        "joinedAt": number;
        "online": boolean;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** What was said in a group and about it, newest first */
  "listImGroupMessages": {
    method: "get";
    path: "/api/v1/im/groups/{gid}/messages";
    params: {
      "gid": number;
    };
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": ({
        /** Its place in the inbox; clients call it key, `GET /messages` calls it id. */
        "seq": number;
        /** Its number in the log of all messages. */
        "id": number;
        "kind": "peer" | "group" | "notice" | "system" | "customer" | "toDesk" | "fromDesk" | "imbot" | "official";
        "appid": number;
        /** 0: the system. */
        "sender": number;
        /** A uid; of group and notice the number of the group. */
        "receiver": number;
        /** On which it was said; 0: a web session, or REST. */
        "device": number;
        /** What messages of customer service name besides. */
        "parties": {
          "senderApp"?: number;
          "receiverApp"?: number;
          "customerApp"?: number;
          "customer"?: number;
          "storeId"?: number;
          "seller"?: number;
          /** Of the conversation with a customer. */
          "conversation"?: number;
          /** Who answered in it; absent: the customer. */
          "agent"?: string;
        } | null;
        /** Epoch milliseconds. */
        "at": number;
        /** What was said; null: it is not UTF-8. */
        "text": string | null;
        /** The same parsed, where it is a JSON object or list; else absent. */
        "json"?: unknown;
        /** What was said where it is not UTF-8. */
        "base64": string | null;
        /** The member in whose inbox it has this place; null: the inbox of the group. */
        "inboxOf": number | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Users, by application and uid */
  "listImUsers": {
    method: "get";
    path: "/api/v1/im/users";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "appid"?: number;
      "text"?: string;
    };
    body: never;
    answer: {
      "items": {
        "appid": number;
        "uid": number;
        "name": string;
        "avatar": string;
        /** May not speak in chat rooms; a customer gets no token any more. */
        "forbidden": boolean;
        /** The phone is silent while a desktop is online. */
        "mute": boolean;
        "online": boolean;
        /** Epoch milliseconds. */
        "createdAt": number;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** What waits from one person for another; nothing is taken */
  "lookIntoImbotQueue": {
    method: "get";
    path: "/api/v1/imbot/queue";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "from": string;
      "to": string;
    };
    body: never;
    answer: {
      "items": {
        /** Its place in the queue. */
        "seq": number;
        /** When it came, epoch milliseconds. */
        "at": number;
        /** As it was given. */
        "msg": Record<string, unknown>;
      }[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Queues in which something waits for a person */
  "listImbotQueues": {
    method: "get";
    path: "/api/v1/imbot/queues";
    params: Record<never, never>;
    query: {
      "to": string;
    };
    body: never;
    answer: {
      /** The newest message's own time first; at most 200. */
      "items": {
        "from": string;
        "to": string;
        "count": number;
      }[];
    };
  };
  /** Users of the mini-program IM who have told of themselves, by id */
  "findImbotUsers": {
    method: "get";
    path: "/api/v1/imbot/users";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "text"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "id": string;
        /** B: business, who answers; C: customer. */
        "role": "B" | "C";
        /** Profile, as it was told. */
        "wechat": Record<string, unknown>;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "updatedAt": number;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** What is logged */
  "getLogLevel": {
    method: "get";
    path: "/api/v1/log-level";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "level": string;
    };
  };
  /** Change what is logged, until the next start or reload */
  "setLogLevel": {
    method: "put";
    path: "/api/v1/log-level";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "level": "silent" | "error" | "warn" | "info" | "debug";
    };
    answer: {
      "level": "silent" | "error" | "warn" | "info" | "debug";
    };
  };
  /** What needs an eye: bots, what waits, what died, warnings */
  "overview": {
    method: "get";
    path: "/api/v1/overview";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      /** Epoch milliseconds. */
      "time": number;
      /** Epoch milliseconds. */
      "startedAt": number;
      "bots": {
        "total": number;
        /** How many are in each state. */
        "states": Record<string, number>;
        /** Those that need a person; the first 20. */
        "waiting": {
          "botcode": string;
          "name": string;
          "userAction": string;
        }[];
      };
      "sends": {
        "queued": number;
        /** When the longest waiting one was accepted. */
        "oldestAt": number | null;
        "onTheWay": number;
        /** Handed over, outcome not known. */
        "unknown": number;
        /** Failed, expired, or without their room, within the last 24 hours, and nobody has dealt with them. */
        "troubled": number;
      };
      "deliveries": {
        "due": number;
        "oldestAt": number | null;
        "dead": number;
        /** Channels that nothing is posted to; the first 20. */
        "paused": string[];
      };
      "conversations": {
        /** Customers whose words nobody was told of. */
        "waiting": number;
      };
      "alarms": {
        /** Ways to tell a person; 0: nobody is told. */
        "lanes": number;
      };
      "ready": boolean;
      /** As in /ready, but for bots that are among those waiting; in the language of Accept-Language. */
      "warnings": string[];
    };
  };
  /** Sends that ended, by minute, of the last hour or day */
  "sendMinutes": {
    method: "get";
    path: "/api/v1/overview/minutes";
    params: Record<never, never>;
    query: {
      "minutes"?: number;
      "step"?: number;
    };
    body: never;
    answer: {
      /** Beginning of the first point. */
      "from": number;
      "stepMs": number;
      "sent": number[];
      /** Failed, expired, or without their room. */
      "failed": number[];
    };
  };
  /** Change the first operator's password; its sessions end */
  "changePassword": {
    method: "post";
    path: "/api/v1/password";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "password"?: string;
    };
    answer: {
      /** The one that was made. */
      "password"?: string;
    };
  };
  /** Oneself: settings, and where one is logged in */
  "getProfile": {
    method: "get";
    path: "/api/v1/profile";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "user": {
        "id": number;
        "username": string;
        "role": "viewer" | "operator" | "admin";
        /** Of the console. Null: that of the browser. */
        "language": "zh" | "en" | null;
        /** The one of the config: it stays, and stays admin. */
        "builtIn": boolean;
        "disabled": boolean;
        /** A code of an authenticator is asked for. */
        "totp": boolean;
        /** Null: built in. */
        "createdAt": number | null;
        /** The newest log-in. */
        "loggedInAt": number | null;
        /** Shut until then to new addresses: too many wrong tries. */
        "lockedUntil": number | null;
      };
      /** The config file names the password. */
      "passwordFixed": boolean;
      "recoveryCodesLeft": number;
      /** Newest first. */
      "sessions": {
        "id": number;
        /** The one that asks. */
        "current": boolean;
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        "address": string;
        "agent": string;
      }[];
    };
  };
  /** The language of the console */
  "changeProfile": {
    method: "patch";
    path: "/api/v1/profile";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Of the console. Null: that of the browser. */
      "language": "zh" | "en" | null;
    };
    answer: {
      "id": number;
      "username": string;
      "role": "viewer" | "operator" | "admin";
      /** Of the console. Null: that of the browser. */
      "language": "zh" | "en" | null;
      /** The one of the config: it stays, and stays admin. */
      "builtIn": boolean;
      "disabled": boolean;
      /** A code of an authenticator is asked for. */
      "totp": boolean;
      /** Null: built in. */
      "createdAt": number | null;
      /** The newest log-in. */
      "loggedInAt": number | null;
      /** Shut until then to new addresses: too many wrong tries. */
      "lockedUntil": number | null;
    };
  };
  /** Change the own password; all other sessions end */
  "changeOwnPassword": {
    method: "post";
    path: "/api/v1/profile/password";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** The present password, once more. */
      "current": string;
      "password": string;
    };
    answer: void;
  };
  /** New recovery codes; those before are over */
  "renewRecoveryCodes": {
    method: "post";
    path: "/api/v1/profile/recovery-codes";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** The present password, once more. */
      "current": string;
    };
    answer: {
      /** Each counts once in the place of a code. Shown here and never again. */
      "recoveryCodes": string[];
    };
  };
  /** Log oneself out everywhere else */
  "endOtherSessions": {
    method: "post";
    path: "/api/v1/profile/sessions/end-others";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Log oneself out elsewhere */
  "endOwnSession": {
    method: "delete";
    path: "/api/v1/profile/sessions/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** A new secret for an authenticator; it counts once a code of it is confirmed */
  "offerTotp": {
    method: "post";
    path: "/api/v1/profile/totp";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** The present password, once more. */
      "current": string;
    };
    answer: {
      /** To be typed in, base32. Shown here and never again. */
      "secret": string;
      /** `otpauth://…`: what the QR code says. */
      "url": string;
      /** The QR code, an SVG picture. */
      "qrSvg": string;
    };
  };
  /** Ask for codes at the log-in from now on */
  "confirmTotp": {
    method: "post";
    path: "/api/v1/profile/totp/confirm";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Of the new secret. */
      "code": string;
    };
    answer: {
      /** Each counts once in the place of a code. Shown here and never again. */
      "recoveryCodes": string[];
    };
  };
  /** Ask for no codes any more */
  "removeOwnTotp": {
    method: "post";
    path: "/api/v1/profile/totp/remove";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** The present password, once more. */
      "current": string;
    };
    answer: void;
  };
  /** Read the config file again and apply what can change while it runs */
  "reload": {
    method: "post";
    path: "/api/v1/reload";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      /** Sections that have changed and need a restart. */
      "waiting": string[];
    };
  };
  /** Reports that come with the product, off until somebody says where they go */
  "listReportExamples": {
    method: "get";
    path: "/api/v1/report-examples";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "items": ({
        "name": string;
        "title": string;
        /** There is a report of this name. */
        "enabled": boolean;
        "settings": {
          "name": string;
          /** Liquid; default: the name. */
          "title"?: string;
          "enabled": boolean;
          "kind": "cron" | "interval" | "once";
          /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
          "expr": string;
          /** IANA zone; default: `timezone` of the config. */
          "zone"?: string;
          /** No slot before it; intervals count from it. */
          "start"?: string;
          /** No slot from it on. */
          "end"?: string;
          /** Each slot so much later, at most. */
          "jitterSeconds": number;
          /** Days on which it fires. */
          "calendar": "all" | "weekdays" | {
            /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
            "file": string;
            /** Days that the file does not name; none: only those it names. */
            "days": "weekdays" | "all" | "none";
          };
          /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
          "misfire": "skip" | "run_once" | "run_all";
          "graceSeconds": number;
          /** A slot that comes while the one before is being made. */
          "overlap": "skip" | "queue_one" | "allow";
          /** What could not leave by then is not sent any more. */
          "deliverWithinSeconds": number;
          /** In a row; 0: never. */
          "pauseAfterFailures": number;
          /** For source, templates and pictures together. */
          "timeoutSeconds": number;
          "source": {
            "type": "none";
          } | {
            "type": "http";
            /** Liquid; values in it are encoded: `?day={{ day }}`. */
            "url": string;
            "method": "GET" | "POST" | "PUT";
            /** `{secret:name}` stands for a secret of `reporting.secrets`. */
            "headers": Record<string, string>;
            /** Texts in it are Liquid; an object is sent as JSON. */
            "body"?: string | Record<string, unknown>;
            /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
            "pick"?: string;
            "timeoutSeconds": number;
            "maxBytes": number;
          } | {
            "type": "sqlite";
            /** In an allowed folder; opened for reading only. */
            "file": string;
            "sql": string;
            /** Bound to the statement; texts are Liquid: `{{ from }}`. */
            "params": (string | number | null)[];
            "timeoutSeconds": number;
            "maxRows": number;
          } | {
            "type": "postgres";
            /** One of `reporting.databases`. */
            "database": string;
            "sql": string;
            /** Bound to the statement; texts are Liquid: `{{ from }}`. */
            "params": (string | number | null)[];
            "timeoutSeconds": number;
            "maxRows": number;
          } | {
            "type": "file";
            /** CSV or JSON, in an allowed folder. */
            "file": string;
            /** Default: by its extension. */
            "format"?: "csv" | "json";
            /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
            "pick"?: string;
          } | {
            "type": "builtin";
            /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
            "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
            /** So many days up to the slot; bots: those of the chart. */
            "days": number;
            /** Rows; bots beyond it share one. */
            "limit": number;
          };
          /** A condition of Liquid, e.g. `count > 0`. */
          "sendIf"?: string;
          /** text, or pictures: of the table, of the chart, of both. */
          "output": "text" | "table" | "chart" | "both";
          /** Liquid. Default: title and table. With pictures: sent before them. */
          "text"?: string;
          /** Default: those of the source. */
          "columns"?: ({
            "key": string;
            "label"?: string;
            "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
            "align"?: "left" | "center" | "right";
            "decimals"?: number;
            /** delta: shown as a percentage. */
            "percent"?: boolean;
            /** date: how much of it. */
            "show"?: "date" | "time" | "datetime";
          })[];
          "chart"?: {
            "type": "line" | "bar" | "pie";
            /** Column of the names; rows of the same name are added up. */
            "x": string;
            /** Columns of the values. */
            "y": string[];
            /** Column whose values are a series each. */
            "by"?: string;
            "stacked": boolean;
            /** Above the chart. */
            "title"?: string;
          } | {
            /** An option of ECharts; without data of its own it gets the rows as dataset. */
            "option": Record<string, unknown>;
          };
          "theme"?: "light" | "dark";
          /** Liquid, below a picture. */
          "footer"?: string;
          /** Names or ids to @. */
          "mentions": string[];
          "targets"?: {
            "botcode": string;
            "roomId"?: string;
            "roomTopic"?: string;
            "contactId"?: string;
            "contactName"?: string;
            /** Names or ids to @ there. */
            "mentions"?: string[];
          }[];
        };
      })[];
    };
  };
  /** Make a report of an example */
  "enableReportExample": {
    method: "post";
    path: "/api/v1/report-examples/{name}/enable";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: {
      "targets": {
        "botcode": string;
        "roomId"?: string;
        "roomTopic"?: string;
        "contactId"?: string;
        "contactName"?: string;
        /** Names or ids to @ there. */
        "mentions"?: string[];
      }[];
      /** When; default: as the example says. */
      "expr"?: string;
      "zone"?: string;
    };
    answer: {
      "name": string;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "enabled": boolean;
      "paused": boolean;
      "pausedReason": string | null;
      /** Why it cannot fire. */
      "fault": string | null;
      /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
      "warnings": string[];
      /** In a row. */
      "failures": number;
      "zone": string;
      /** Its next slot; null: none, or it is paused. */
      "nextAt": number | null;
      /** Its newest run. */
      "last": {
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      } | null;
      /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
      "settings": {
        "name": string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled": boolean;
        "kind": "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds": number;
        /** Days on which it fires. */
        "calendar": "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days": "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire": "skip" | "run_once" | "run_all";
        "graceSeconds": number;
        /** A slot that comes while the one before is being made. */
        "overlap": "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds": number;
        /** In a row; 0: never. */
        "pauseAfterFailures": number;
        /** For source, templates and pictures together. */
        "timeoutSeconds": number;
        "source": {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method": "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers": Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds": number;
          "maxBytes": number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days": number;
          /** Rows; bots beyond it share one. */
          "limit": number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output": "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked": boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions": string[];
        "targets": {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** The same for settings that are not kept */
  "dryRunDraft": {
    method: "post";
    path: "/api/v1/report-tools/dry-run";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "settings": {
        "name"?: string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled"?: boolean;
        "kind"?: "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds"?: number;
        /** Days on which it fires. */
        "calendar"?: "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days"?: "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire"?: "skip" | "run_once" | "run_all";
        "graceSeconds"?: number;
        /** A slot that comes while the one before is being made. */
        "overlap"?: "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds"?: number;
        /** In a row; 0: never. */
        "pauseAfterFailures"?: number;
        /** For source, templates and pictures together. */
        "timeoutSeconds"?: number;
        "source"?: {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method"?: "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers"?: Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds"?: number;
          "maxBytes"?: number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params"?: (string | number | null)[];
          "timeoutSeconds"?: number;
          "maxRows"?: number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params"?: (string | number | null)[];
          "timeoutSeconds"?: number;
          "maxRows"?: number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days"?: number;
          /** Rows; bots beyond it share one. */
          "limit"?: number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output"?: "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked"?: boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions"?: string[];
        "targets"?: {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** For which slot; default: now. Epoch ms. */
      "slot"?: number;
    };
    answer: {
      /** Epoch milliseconds. */
      "slot": number;
      /** false: sendIf says no, nothing would be sent. */
      "send": boolean;
      "title": string;
      /** What is sent as text, or if pictures fail. */
      "text": string;
      "pictures": {
        /** A data: address of a PNG. */
        "url": string;
        "width": number;
        "height": number;
      }[];
      /** Why the text would go instead of pictures. */
      "pictureFault": string | null;
      "columns": Record<string, unknown>[];
      /** The first 50. */
      "rows": Record<string, unknown>[];
      "count": number;
      /** The source had more rows than are read. */
      "truncated": boolean;
      "ms": number;
    };
  };
  /** The next slots of a timing that is not kept */
  "previewSlots": {
    method: "post";
    path: "/api/v1/report-tools/next";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "kind"?: "cron" | "interval" | "once";
      /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
      "expr": string;
      /** IANA zone; default: `timezone` of the config. */
      "zone"?: string;
      /** No slot before it; intervals count from it. */
      "start"?: string;
      /** No slot from it on. */
      "end"?: string;
      /** Each slot so much later, at most. */
      "jitterSeconds"?: number;
      /** Days on which it fires. */
      "calendar"?: "all" | "weekdays" | {
        /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
        "file": string;
        /** Days that the file does not name; none: only those it names. */
        "days"?: "weekdays" | "all" | "none";
      };
      "count"?: number;
    };
    answer: {
      "zone": string;
      "items": {
        /** Epoch milliseconds. */
        "slot": number;
        /** With jitter. */
        "dueAt": number;
        /** In the zone, with its offset: 2026-11-22T09:00:00+08:00. */
        "local": string;
      }[];
    };
  };
  /** Read a source once: its columns and first rows */
  "testReportSource": {
    method: "post";
    path: "/api/v1/report-tools/source";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "source": {
        "type": "none";
      } | {
        "type": "http";
        /** Liquid; values in it are encoded: `?day={{ day }}`. */
        "url": string;
        "method"?: "GET" | "POST" | "PUT";
        /** `{secret:name}` stands for a secret of `reporting.secrets`. */
        "headers"?: Record<string, string>;
        /** Texts in it are Liquid; an object is sent as JSON. */
        "body"?: string | Record<string, unknown>;
        /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
        "pick"?: string;
        "timeoutSeconds"?: number;
        "maxBytes"?: number;
      } | {
        "type": "sqlite";
        /** In an allowed folder; opened for reading only. */
        "file": string;
        "sql": string;
        /** Bound to the statement; texts are Liquid: `{{ from }}`. */
        "params"?: (string | number | null)[];
        "timeoutSeconds"?: number;
        "maxRows"?: number;
      } | {
        "type": "postgres";
        /** One of `reporting.databases`. */
        "database": string;
        "sql": string;
        /** Bound to the statement; texts are Liquid: `{{ from }}`. */
        "params"?: (string | number | null)[];
        "timeoutSeconds"?: number;
        "maxRows"?: number;
      } | {
        "type": "file";
        /** CSV or JSON, in an allowed folder. */
        "file": string;
        /** Default: by its extension. */
        "format"?: "csv" | "json";
        /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
        "pick"?: string;
      } | {
        "type": "builtin";
        /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
        "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
        /** So many days up to the slot; bots: those of the chart. */
        "days"?: number;
        /** Rows; bots beyond it share one. */
        "limit"?: number;
      };
      "zone"?: string;
      /** The report that what is masked belongs to. */
      "of"?: string;
    };
    answer: {
      "columns": string[];
      /** The first 20. */
      "rows": Record<string, unknown>[];
      "count": number;
      "truncated": boolean;
      "ms": number;
    };
  };
  /** Runs of all reports, newest first */
  "listRuns": {
    method: "get";
    path: "/api/v1/runs";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
      "state"?: "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
    };
    body: never;
    answer: {
      "items": ({
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Send something once, later */
  "scheduleSend": {
    method: "post";
    path: "/api/v1/scheduled-sends";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "botcode": string;
      "roomId"?: string;
      /** Two rooms of this topic: refused, with their ids. */
      "roomTopic"?: string;
      "contactId"?: string;
      "contactName"?: string;
      "text"?: string;
      /** With text. */
      "mentions"?: string[];
      "card"?: {
        "appid": string;
        /** Original id of the mini-program (gh_…). */
        "username": string;
        "title": string;
        "description"?: string;
        "pagePath": string;
        "thumbUrl": string;
        /** Key of thumbUrl. */
        "thumbKey"?: string;
      };
      /** http(s) address, data: address, or the url of an uploaded file. */
      "image"?: string;
      /** Epoch ms, or 2026-03-01T09:00 in the configured zone, or with an offset. */
      "at": number | string;
      /** Of this request; unique for ever. */
      "txcode"?: string;
      /** What could not leave by then is not sent. */
      "deliverWithinSeconds"?: number;
    };
    answer: {
      "id": number;
      "botcode": string;
      "target": Record<string, string>;
      /** What its room is called now; null: not a room, or one the bot does not know. */
      "roomTopic": string | null;
      "content": Record<string, unknown>;
      /** Epoch milliseconds. */
      "at": number;
      /** Epoch milliseconds. */
      "expiresAt": number;
      /** waiting; queued: it is the send `msgid`; failed, expired, cancelled. */
      "state": "waiting" | "queued" | "failed" | "expired" | "cancelled";
      "msgid": number | null;
      /** Of the send, while it is kept. */
      "sendState": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown" | null;
      "reason": string | null;
      "madeBy": string | null;
      /** Epoch milliseconds. */
      "createdAt": number;
      "settledAt": number | null;
    };
  };
  /** Sends for later, newest first */
  "listScheduledSends": {
    method: "get";
    path: "/api/v1/scheduled-sends";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "state"?: "waiting" | "queued" | "failed" | "expired" | "cancelled";
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        "botcode": string;
        "target": Record<string, string>;
        /** What its room is called now; null: not a room, or one the bot does not know. */
        "roomTopic": string | null;
        "content": Record<string, unknown>;
        /** Epoch milliseconds. */
        "at": number;
        /** Epoch milliseconds. */
        "expiresAt": number;
        /** waiting; queued: it is the send `msgid`; failed, expired, cancelled. */
        "state": "waiting" | "queued" | "failed" | "expired" | "cancelled";
        "msgid": number | null;
        /** Of the send, while it is kept. */
        "sendState": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown" | null;
        "reason": string | null;
        "madeBy": string | null;
        /** Epoch milliseconds. */
        "createdAt": number;
        "settledAt": number | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One send for later */
  "getScheduledSend": {
    method: "get";
    path: "/api/v1/scheduled-sends/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      "botcode": string;
      "target": Record<string, string>;
      /** What its room is called now; null: not a room, or one the bot does not know. */
      "roomTopic": string | null;
      "content": Record<string, unknown>;
      /** Epoch milliseconds. */
      "at": number;
      /** Epoch milliseconds. */
      "expiresAt": number;
      /** waiting; queued: it is the send `msgid`; failed, expired, cancelled. */
      "state": "waiting" | "queued" | "failed" | "expired" | "cancelled";
      "msgid": number | null;
      /** Of the send, while it is kept. */
      "sendState": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown" | null;
      "reason": string | null;
      "madeBy": string | null;
      /** Epoch milliseconds. */
      "createdAt": number;
      "settledAt": number | null;
    };
  };
  /** Cancel a send whose time has not come; later, cancel the send itself */
  "cancelScheduledSend": {
    method: "post";
    path: "/api/v1/scheduled-sends/{id}/cancel";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      "botcode": string;
      "target": Record<string, string>;
      /** What its room is called now; null: not a room, or one the bot does not know. */
      "roomTopic": string | null;
      "content": Record<string, unknown>;
      /** Epoch milliseconds. */
      "at": number;
      /** Epoch milliseconds. */
      "expiresAt": number;
      /** waiting; queued: it is the send `msgid`; failed, expired, cancelled. */
      "state": "waiting" | "queued" | "failed" | "expired" | "cancelled";
      "msgid": number | null;
      /** Of the send, while it is kept. */
      "sendState": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown" | null;
      "reason": string | null;
      "madeBy": string | null;
      /** Epoch milliseconds. */
      "createdAt": number;
      "settledAt": number | null;
    };
  };
  /** Reports on schedule, by name */
  "listSchedules": {
    method: "get";
    path: "/api/v1/schedules";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "name": string;
        /** config: changed in the file. */
        "source": "config" | "admin";
        "enabled": boolean;
        "paused": boolean;
        "pausedReason": string | null;
        /** Why it cannot fire. */
        "fault": string | null;
        /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
        "warnings": string[];
        /** In a row. */
        "failures": number;
        "zone": string;
        /** Its next slot; null: none, or it is paused. */
        "nextAt": number | null;
        /** Its newest run. */
        "last": {
          "schedule": string;
          /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
          "slot": number;
          "cause": "slot" | "catch-up" | "backfill" | "operator";
          /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
          "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
          "reason": string | null;
          /** How many processes took it up. */
          "attempt": number;
          /** Epoch milliseconds. */
          "createdAt": number;
          "startedAt": number | null;
          "finishedAt": number | null;
          /** Then nothing of it is sent any more. */
          "expiresAt": number;
          "rows": number | null;
          /** text, or what pictures it was. */
          "output": string | null;
          "targets": ({
            "botcode": string;
            "target": Record<string, string>;
            /** What its room is called now; null: not a room, or one the bot does not know. */
            "roomTopic": string | null;
            /** Why nothing could be queued. */
            "reason": string | null;
            "messages": ({
              "msgid": number;
              "kind": string;
              "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
              "reason": string | null;
            })[];
          })[];
        } | null;
        /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
        "settings": {
          "name": string;
          /** Liquid; default: the name. */
          "title"?: string;
          "enabled": boolean;
          "kind": "cron" | "interval" | "once";
          /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
          "expr": string;
          /** IANA zone; default: `timezone` of the config. */
          "zone"?: string;
          /** No slot before it; intervals count from it. */
          "start"?: string;
          /** No slot from it on. */
          "end"?: string;
          /** Each slot so much later, at most. */
          "jitterSeconds": number;
          /** Days on which it fires. */
          "calendar": "all" | "weekdays" | {
            /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
            "file": string;
            /** Days that the file does not name; none: only those it names. */
            "days": "weekdays" | "all" | "none";
          };
          /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
          "misfire": "skip" | "run_once" | "run_all";
          "graceSeconds": number;
          /** A slot that comes while the one before is being made. */
          "overlap": "skip" | "queue_one" | "allow";
          /** What could not leave by then is not sent any more. */
          "deliverWithinSeconds": number;
          /** In a row; 0: never. */
          "pauseAfterFailures": number;
          /** For source, templates and pictures together. */
          "timeoutSeconds": number;
          "source": {
            "type": "none";
          } | {
            "type": "http";
            /** Liquid; values in it are encoded: `?day={{ day }}`. */
            "url": string;
            "method": "GET" | "POST" | "PUT";
            /** `{secret:name}` stands for a secret of `reporting.secrets`. */
            "headers": Record<string, string>;
            /** Texts in it are Liquid; an object is sent as JSON. */
            "body"?: string | Record<string, unknown>;
            /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
            "pick"?: string;
            "timeoutSeconds": number;
            "maxBytes": number;
          } | {
            "type": "sqlite";
            /** In an allowed folder; opened for reading only. */
            "file": string;
            "sql": string;
            /** Bound to the statement; texts are Liquid: `{{ from }}`. */
            "params": (string | number | null)[];
            "timeoutSeconds": number;
            "maxRows": number;
          } | {
            "type": "postgres";
            /** One of `reporting.databases`. */
            "database": string;
            "sql": string;
            /** Bound to the statement; texts are Liquid: `{{ from }}`. */
            "params": (string | number | null)[];
            "timeoutSeconds": number;
            "maxRows": number;
          } | {
            "type": "file";
            /** CSV or JSON, in an allowed folder. */
            "file": string;
            /** Default: by its extension. */
            "format"?: "csv" | "json";
            /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
            "pick"?: string;
          } | {
            "type": "builtin";
            /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
            "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
            /** So many days up to the slot; bots: those of the chart. */
            "days": number;
            /** Rows; bots beyond it share one. */
            "limit": number;
          };
          /** A condition of Liquid, e.g. `count > 0`. */
          "sendIf"?: string;
          /** text, or pictures: of the table, of the chart, of both. */
          "output": "text" | "table" | "chart" | "both";
          /** Liquid. Default: title and table. With pictures: sent before them. */
          "text"?: string;
          /** Default: those of the source. */
          "columns"?: ({
            "key": string;
            "label"?: string;
            "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
            "align"?: "left" | "center" | "right";
            "decimals"?: number;
            /** delta: shown as a percentage. */
            "percent"?: boolean;
            /** date: how much of it. */
            "show"?: "date" | "time" | "datetime";
          })[];
          "chart"?: {
            "type": "line" | "bar" | "pie";
            /** Column of the names; rows of the same name are added up. */
            "x": string;
            /** Columns of the values. */
            "y": string[];
            /** Column whose values are a series each. */
            "by"?: string;
            "stacked": boolean;
            /** Above the chart. */
            "title"?: string;
          } | {
            /** An option of ECharts; without data of its own it gets the rows as dataset. */
            "option": Record<string, unknown>;
          };
          "theme"?: "light" | "dark";
          /** Liquid, below a picture. */
          "footer"?: string;
          /** Names or ids to @. */
          "mentions": string[];
          "targets": {
            "botcode": string;
            "roomId"?: string;
            "roomTopic"?: string;
            "contactId"?: string;
            "contactName"?: string;
            /** Names or ids to @ there. */
            "mentions"?: string[];
          }[];
        };
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Epoch milliseconds. */
        "updatedAt": number;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a report; its first slot is the next one */
  "addSchedule": {
    method: "post";
    path: "/api/v1/schedules";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "name": string;
      /** Liquid; default: the name. */
      "title"?: string;
      "enabled"?: boolean;
      "kind"?: "cron" | "interval" | "once";
      /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
      "expr": string;
      /** IANA zone; default: `timezone` of the config. */
      "zone"?: string;
      /** No slot before it; intervals count from it. */
      "start"?: string;
      /** No slot from it on. */
      "end"?: string;
      /** Each slot so much later, at most. */
      "jitterSeconds"?: number;
      /** Days on which it fires. */
      "calendar"?: "all" | "weekdays" | {
        /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
        "file": string;
        /** Days that the file does not name; none: only those it names. */
        "days"?: "weekdays" | "all" | "none";
      };
      /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
      "misfire"?: "skip" | "run_once" | "run_all";
      "graceSeconds"?: number;
      /** A slot that comes while the one before is being made. */
      "overlap"?: "skip" | "queue_one" | "allow";
      /** What could not leave by then is not sent any more. */
      "deliverWithinSeconds"?: number;
      /** In a row; 0: never. */
      "pauseAfterFailures"?: number;
      /** For source, templates and pictures together. */
      "timeoutSeconds"?: number;
      "source"?: {
        "type": "none";
      } | {
        "type": "http";
        /** Liquid; values in it are encoded: `?day={{ day }}`. */
        "url": string;
        "method"?: "GET" | "POST" | "PUT";
        /** `{secret:name}` stands for a secret of `reporting.secrets`. */
        "headers"?: Record<string, string>;
        /** Texts in it are Liquid; an object is sent as JSON. */
        "body"?: string | Record<string, unknown>;
        /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
        "pick"?: string;
        "timeoutSeconds"?: number;
        "maxBytes"?: number;
      } | {
        "type": "sqlite";
        /** In an allowed folder; opened for reading only. */
        "file": string;
        "sql": string;
        /** Bound to the statement; texts are Liquid: `{{ from }}`. */
        "params"?: (string | number | null)[];
        "timeoutSeconds"?: number;
        "maxRows"?: number;
      } | {
        "type": "postgres";
        /** One of `reporting.databases`. */
        "database": string;
        "sql": string;
        /** Bound to the statement; texts are Liquid: `{{ from }}`. */
        "params"?: (string | number | null)[];
        "timeoutSeconds"?: number;
        "maxRows"?: number;
      } | {
        "type": "file";
        /** CSV or JSON, in an allowed folder. */
        "file": string;
        /** Default: by its extension. */
        "format"?: "csv" | "json";
        /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
        "pick"?: string;
      } | {
        "type": "builtin";
        /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
        "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
        /** So many days up to the slot; bots: those of the chart. */
        "days"?: number;
        /** Rows; bots beyond it share one. */
        "limit"?: number;
      };
      /** A condition of Liquid, e.g. `count > 0`. */
      "sendIf"?: string;
      /** text, or pictures: of the table, of the chart, of both. */
      "output"?: "text" | "table" | "chart" | "both";
      /** Liquid. Default: title and table. With pictures: sent before them. */
      "text"?: string;
      /** Default: those of the source. */
      "columns"?: ({
        "key": string;
        "label"?: string;
        "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
        "align"?: "left" | "center" | "right";
        "decimals"?: number;
        /** delta: shown as a percentage. */
        "percent"?: boolean;
        /** date: how much of it. */
        "show"?: "date" | "time" | "datetime";
      })[];
      "chart"?: {
        "type": "line" | "bar" | "pie";
        /** Column of the names; rows of the same name are added up. */
        "x": string;
        /** Columns of the values. */
        "y": string[];
        /** Column whose values are a series each. */
        "by"?: string;
        "stacked"?: boolean;
        /** Above the chart. */
        "title"?: string;
      } | {
        /** An option of ECharts; without data of its own it gets the rows as dataset. */
        "option": Record<string, unknown>;
      };
      "theme"?: "light" | "dark";
      /** Liquid, below a picture. */
      "footer"?: string;
      /** Names or ids to @. */
      "mentions"?: string[];
      "targets": {
        "botcode": string;
        "roomId"?: string;
        "roomTopic"?: string;
        "contactId"?: string;
        "contactName"?: string;
        /** Names or ids to @ there. */
        "mentions"?: string[];
      }[];
    };
    answer: {
      "name": string;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "enabled": boolean;
      "paused": boolean;
      "pausedReason": string | null;
      /** Why it cannot fire. */
      "fault": string | null;
      /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
      "warnings": string[];
      /** In a row. */
      "failures": number;
      "zone": string;
      /** Its next slot; null: none, or it is paused. */
      "nextAt": number | null;
      /** Its newest run. */
      "last": {
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      } | null;
      /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
      "settings": {
        "name": string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled": boolean;
        "kind": "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds": number;
        /** Days on which it fires. */
        "calendar": "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days": "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire": "skip" | "run_once" | "run_all";
        "graceSeconds": number;
        /** A slot that comes while the one before is being made. */
        "overlap": "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds": number;
        /** In a row; 0: never. */
        "pauseAfterFailures": number;
        /** For source, templates and pictures together. */
        "timeoutSeconds": number;
        "source": {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method": "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers": Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds": number;
          "maxBytes": number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days": number;
          /** Rows; bots beyond it share one. */
          "limit": number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output": "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked": boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions": string[];
        "targets": {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** One report */
  "getSchedule": {
    method: "get";
    path: "/api/v1/schedules/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "name": string;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "enabled": boolean;
      "paused": boolean;
      "pausedReason": string | null;
      /** Why it cannot fire. */
      "fault": string | null;
      /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
      "warnings": string[];
      /** In a row. */
      "failures": number;
      "zone": string;
      /** Its next slot; null: none, or it is paused. */
      "nextAt": number | null;
      /** Its newest run. */
      "last": {
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      } | null;
      /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
      "settings": {
        "name": string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled": boolean;
        "kind": "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds": number;
        /** Days on which it fires. */
        "calendar": "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days": "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire": "skip" | "run_once" | "run_all";
        "graceSeconds": number;
        /** A slot that comes while the one before is being made. */
        "overlap": "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds": number;
        /** In a row; 0: never. */
        "pauseAfterFailures": number;
        /** For source, templates and pictures together. */
        "timeoutSeconds": number;
        "source": {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method": "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers": Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds": number;
          "maxBytes": number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days": number;
          /** Rows; bots beyond it share one. */
          "limit": number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output": "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked": boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions": string[];
        "targets": {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Change a report; one of the config file is changed there */
  "changeSchedule": {
    method: "patch";
    path: "/api/v1/schedules/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: {
      /** Liquid; default: the name. */
      "title"?: string | null;
      "enabled"?: boolean | null;
      "kind"?: "cron" | "interval" | "once" | null;
      /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
      "expr"?: string | null;
      /** IANA zone; default: `timezone` of the config. */
      "zone"?: string | null;
      /** No slot before it; intervals count from it. */
      "start"?: string | null;
      /** No slot from it on. */
      "end"?: string | null;
      /** Each slot so much later, at most. */
      "jitterSeconds"?: number | null;
      /** Days on which it fires. */
      "calendar"?: "all" | "weekdays" | {
        /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
        "file": string;
        /** Days that the file does not name; none: only those it names. */
        "days"?: "weekdays" | "all" | "none";
      } | null;
      /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
      "misfire"?: "skip" | "run_once" | "run_all" | null;
      "graceSeconds"?: number | null;
      /** A slot that comes while the one before is being made. */
      "overlap"?: "skip" | "queue_one" | "allow" | null;
      /** What could not leave by then is not sent any more. */
      "deliverWithinSeconds"?: number | null;
      /** In a row; 0: never. */
      "pauseAfterFailures"?: number | null;
      /** For source, templates and pictures together. */
      "timeoutSeconds"?: number | null;
      "source"?: {
        "type": "none";
      } | {
        "type": "http";
        /** Liquid; values in it are encoded: `?day={{ day }}`. */
        "url": string;
        "method"?: "GET" | "POST" | "PUT";
        /** `{secret:name}` stands for a secret of `reporting.secrets`. */
        "headers"?: Record<string, string>;
        /** Texts in it are Liquid; an object is sent as JSON. */
        "body"?: string | Record<string, unknown>;
        /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
        "pick"?: string;
        "timeoutSeconds"?: number;
        "maxBytes"?: number;
      } | {
        "type": "sqlite";
        /** In an allowed folder; opened for reading only. */
        "file": string;
        "sql": string;
        /** Bound to the statement; texts are Liquid: `{{ from }}`. */
        "params"?: (string | number | null)[];
        "timeoutSeconds"?: number;
        "maxRows"?: number;
      } | {
        "type": "postgres";
        /** One of `reporting.databases`. */
        "database": string;
        "sql": string;
        /** Bound to the statement; texts are Liquid: `{{ from }}`. */
        "params"?: (string | number | null)[];
        "timeoutSeconds"?: number;
        "maxRows"?: number;
      } | {
        "type": "file";
        /** CSV or JSON, in an allowed folder. */
        "file": string;
        /** Default: by its extension. */
        "format"?: "csv" | "json";
        /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
        "pick"?: string;
      } | {
        "type": "builtin";
        /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
        "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
        /** So many days up to the slot; bots: those of the chart. */
        "days"?: number;
        /** Rows; bots beyond it share one. */
        "limit"?: number;
      } | null;
      /** A condition of Liquid, e.g. `count > 0`. */
      "sendIf"?: string | null;
      /** text, or pictures: of the table, of the chart, of both. */
      "output"?: "text" | "table" | "chart" | "both" | null;
      /** Liquid. Default: title and table. With pictures: sent before them. */
      "text"?: string | null;
      /** Default: those of the source. */
      "columns"?: ({
        "key": string;
        "label"?: string;
        "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
        "align"?: "left" | "center" | "right";
        "decimals"?: number;
        /** delta: shown as a percentage. */
        "percent"?: boolean;
        /** date: how much of it. */
        "show"?: "date" | "time" | "datetime";
      })[] | null;
      "chart"?: {
        "type": "line" | "bar" | "pie";
        /** Column of the names; rows of the same name are added up. */
        "x": string;
        /** Columns of the values. */
        "y": string[];
        /** Column whose values are a series each. */
        "by"?: string;
        "stacked"?: boolean;
        /** Above the chart. */
        "title"?: string;
      } | {
        /** An option of ECharts; without data of its own it gets the rows as dataset. */
        "option": Record<string, unknown>;
      } | null;
      "theme"?: "light" | "dark" | null;
      /** Liquid, below a picture. */
      "footer"?: string | null;
      /** Names or ids to @. */
      "mentions"?: string[] | null;
      "targets"?: {
        "botcode": string;
        "roomId"?: string;
        "roomTopic"?: string;
        "contactId"?: string;
        "contactName"?: string;
        /** Names or ids to @ there. */
        "mentions"?: string[];
      }[] | null;
    };
    answer: {
      "name": string;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "enabled": boolean;
      "paused": boolean;
      "pausedReason": string | null;
      /** Why it cannot fire. */
      "fault": string | null;
      /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
      "warnings": string[];
      /** In a row. */
      "failures": number;
      "zone": string;
      /** Its next slot; null: none, or it is paused. */
      "nextAt": number | null;
      /** Its newest run. */
      "last": {
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      } | null;
      /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
      "settings": {
        "name": string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled": boolean;
        "kind": "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds": number;
        /** Days on which it fires. */
        "calendar": "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days": "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire": "skip" | "run_once" | "run_all";
        "graceSeconds": number;
        /** A slot that comes while the one before is being made. */
        "overlap": "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds": number;
        /** In a row; 0: never. */
        "pauseAfterFailures": number;
        /** For source, templates and pictures together. */
        "timeoutSeconds": number;
        "source": {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method": "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers": Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds": number;
          "maxBytes": number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days": number;
          /** Rows; bots beyond it share one. */
          "limit": number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output": "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked": boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions": string[];
        "targets": {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Remove a report; its runs stay in the history */
  "removeSchedule": {
    method: "delete";
    path: "/api/v1/schedules/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Make up for slots of the past: those without a run, and those that came to nothing */
  "backfillSchedule": {
    method: "post";
    path: "/api/v1/schedules/{name}/backfill";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: {
      /** Epoch milliseconds. */
      "from": number;
      /** Epoch milliseconds. */
      "to": number;
    };
    answer: {
      "slots": number[];
      /** Slots that have their run. */
      "known": number;
    };
  };
  /** Make a report and send nothing: text and pictures */
  "dryRunSchedule": {
    method: "post";
    path: "/api/v1/schedules/{name}/dry-run";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: {
      /** For which slot; default: now. Epoch ms. */
      "slot"?: number;
    };
    answer: {
      /** Epoch milliseconds. */
      "slot": number;
      /** false: sendIf says no, nothing would be sent. */
      "send": boolean;
      "title": string;
      /** What is sent as text, or if pictures fail. */
      "text": string;
      "pictures": {
        /** A data: address of a PNG. */
        "url": string;
        "width": number;
        "height": number;
      }[];
      /** Why the text would go instead of pictures. */
      "pictureFault": string | null;
      "columns": Record<string, unknown>[];
      /** The first 50. */
      "rows": Record<string, unknown>[];
      "count": number;
      /** The source had more rows than are read. */
      "truncated": boolean;
      "ms": number;
    };
  };
  /** The next slots of a report, in its zone */
  "nextSlots": {
    method: "get";
    path: "/api/v1/schedules/{name}/next";
    params: {
      "name": string;
    };
    query: {
      "count"?: number;
    };
    body: never;
    answer: {
      "zone": string;
      "items": {
        /** Epoch milliseconds. */
        "slot": number;
        /** With jitter. */
        "dueAt": number;
        /** In the zone, with its offset: 2026-11-22T09:00:00+08:00. */
        "local": string;
      }[];
    };
  };
  /** Pause a report: its slots pass by */
  "pauseSchedule": {
    method: "post";
    path: "/api/v1/schedules/{name}/pause";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: {
      "reason"?: string;
    };
    answer: {
      "name": string;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "enabled": boolean;
      "paused": boolean;
      "pausedReason": string | null;
      /** Why it cannot fire. */
      "fault": string | null;
      /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
      "warnings": string[];
      /** In a row. */
      "failures": number;
      "zone": string;
      /** Its next slot; null: none, or it is paused. */
      "nextAt": number | null;
      /** Its newest run. */
      "last": {
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      } | null;
      /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
      "settings": {
        "name": string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled": boolean;
        "kind": "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds": number;
        /** Days on which it fires. */
        "calendar": "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days": "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire": "skip" | "run_once" | "run_all";
        "graceSeconds": number;
        /** A slot that comes while the one before is being made. */
        "overlap": "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds": number;
        /** In a row; 0: never. */
        "pauseAfterFailures": number;
        /** For source, templates and pictures together. */
        "timeoutSeconds": number;
        "source": {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method": "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers": Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds": number;
          "maxBytes": number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days": number;
          /** Rows; bots beyond it share one. */
          "limit": number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output": "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked": boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions": string[];
        "targets": {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Let a report go on, from the next slot; failures are forgotten */
  "resumeSchedule": {
    method: "post";
    path: "/api/v1/schedules/{name}/resume";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "name": string;
      /** config: changed in the file. */
      "source": "config" | "admin";
      "enabled": boolean;
      "paused": boolean;
      "pausedReason": string | null;
      /** Why it cannot fire. */
      "fault": string | null;
      /** What keeps it from being made or sent, as things are: no such bot, file, secret. */
      "warnings": string[];
      /** In a row. */
      "failures": number;
      "zone": string;
      /** Its next slot; null: none, or it is paused. */
      "nextAt": number | null;
      /** Its newest run. */
      "last": {
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      } | null;
      /** What was typed into the source as a secret is `***`; sent back as it is, it stays. */
      "settings": {
        "name": string;
        /** Liquid; default: the name. */
        "title"?: string;
        "enabled": boolean;
        "kind": "cron" | "interval" | "once";
        /** cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00. */
        "expr": string;
        /** IANA zone; default: `timezone` of the config. */
        "zone"?: string;
        /** No slot before it; intervals count from it. */
        "start"?: string;
        /** No slot from it on. */
        "end"?: string;
        /** Each slot so much later, at most. */
        "jitterSeconds": number;
        /** Days on which it fires. */
        "calendar": "all" | "weekdays" | {
          /** Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder. */
          "file": string;
          /** Days that the file does not name; none: only those it names. */
          "days": "weekdays" | "all" | "none";
        };
        /** Slots that were missed: none, the newest within graceSeconds, or the newest 24. */
        "misfire": "skip" | "run_once" | "run_all";
        "graceSeconds": number;
        /** A slot that comes while the one before is being made. */
        "overlap": "skip" | "queue_one" | "allow";
        /** What could not leave by then is not sent any more. */
        "deliverWithinSeconds": number;
        /** In a row; 0: never. */
        "pauseAfterFailures": number;
        /** For source, templates and pictures together. */
        "timeoutSeconds": number;
        "source": {
          "type": "none";
        } | {
          "type": "http";
          /** Liquid; values in it are encoded: `?day={{ day }}`. */
          "url": string;
          "method": "GET" | "POST" | "PUT";
          /** `{secret:name}` stands for a secret of `reporting.secrets`. */
          "headers": Record<string, string>;
          /** Texts in it are Liquid; an object is sent as JSON. */
          "body"?: string | Record<string, unknown>;
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
          "timeoutSeconds": number;
          "maxBytes": number;
        } | {
          "type": "sqlite";
          /** In an allowed folder; opened for reading only. */
          "file": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "postgres";
          /** One of `reporting.databases`. */
          "database": string;
          "sql": string;
          /** Bound to the statement; texts are Liquid: `{{ from }}`. */
          "params": (string | number | null)[];
          "timeoutSeconds": number;
          "maxRows": number;
        } | {
          "type": "file";
          /** CSV or JSON, in an allowed folder. */
          "file": string;
          /** Default: by its extension. */
          "format"?: "csv" | "json";
          /** Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`. */
          "pick"?: string;
        } | {
          "type": "builtin";
          /** Messages of bots the day before; the same per day; questions without answer; queues; deliveries. */
          "name": "bots" | "traffic" | "unanswered" | "queues" | "webhooks";
          /** So many days up to the slot; bots: those of the chart. */
          "days": number;
          /** Rows; bots beyond it share one. */
          "limit": number;
        };
        /** A condition of Liquid, e.g. `count > 0`. */
        "sendIf"?: string;
        /** text, or pictures: of the table, of the chart, of both. */
        "output": "text" | "table" | "chart" | "both";
        /** Liquid. Default: title and table. With pictures: sent before them. */
        "text"?: string;
        /** Default: those of the source. */
        "columns"?: ({
          "key": string;
          "label"?: string;
          "kind"?: "text" | "number" | "percent" | "delta" | "date" | "bar";
          "align"?: "left" | "center" | "right";
          "decimals"?: number;
          /** delta: shown as a percentage. */
          "percent"?: boolean;
          /** date: how much of it. */
          "show"?: "date" | "time" | "datetime";
        })[];
        "chart"?: {
          "type": "line" | "bar" | "pie";
          /** Column of the names; rows of the same name are added up. */
          "x": string;
          /** Columns of the values. */
          "y": string[];
          /** Column whose values are a series each. */
          "by"?: string;
          "stacked": boolean;
          /** Above the chart. */
          "title"?: string;
        } | {
          /** An option of ECharts; without data of its own it gets the rows as dataset. */
          "option": Record<string, unknown>;
        };
        "theme"?: "light" | "dark";
        /** Liquid, below a picture. */
        "footer"?: string;
        /** Names or ids to @. */
        "mentions": string[];
        "targets": {
          "botcode": string;
          "roomId"?: string;
          "roomTopic"?: string;
          "contactId"?: string;
          "contactName"?: string;
          /** Names or ids to @ there. */
          "mentions"?: string[];
        }[];
      };
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Epoch milliseconds. */
      "updatedAt": number;
    };
  };
  /** Run a report now, whether or not it is paused */
  "runSchedule": {
    method: "post";
    path: "/api/v1/schedules/{name}/run";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "schedule": string;
      /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
      "slot": number;
      "cause": "slot" | "catch-up" | "backfill" | "operator";
      /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
      "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
      "reason": string | null;
      /** How many processes took it up. */
      "attempt": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      "startedAt": number | null;
      "finishedAt": number | null;
      /** Then nothing of it is sent any more. */
      "expiresAt": number;
      "rows": number | null;
      /** text, or what pictures it was. */
      "output": string | null;
      "targets": ({
        "botcode": string;
        "target": Record<string, string>;
        /** What its room is called now; null: not a room, or one the bot does not know. */
        "roomTopic": string | null;
        /** Why nothing could be queued. */
        "reason": string | null;
        "messages": ({
          "msgid": number;
          "kind": string;
          "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
          "reason": string | null;
        })[];
      })[];
    };
  };
  /** Runs of one report, the newest slot first; also of one that was removed */
  "listScheduleRuns": {
    method: "get";
    path: "/api/v1/schedules/{name}/runs";
    params: {
      "name": string;
    };
    query: {
      "limit"?: number;
      "cursor"?: number;
      "state"?: "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
    };
    body: never;
    answer: {
      "items": ({
        "schedule": string;
        /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
        "slot": number;
        "cause": "slot" | "catch-up" | "backfill" | "operator";
        /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
        "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
        "reason": string | null;
        /** How many processes took it up. */
        "attempt": number;
        /** Epoch milliseconds. */
        "createdAt": number;
        "startedAt": number | null;
        "finishedAt": number | null;
        /** Then nothing of it is sent any more. */
        "expiresAt": number;
        "rows": number | null;
        /** text, or what pictures it was. */
        "output": string | null;
        "targets": ({
          "botcode": string;
          "target": Record<string, string>;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Why nothing could be queued. */
          "reason": string | null;
          "messages": ({
            "msgid": number;
            "kind": string;
            "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
            "reason": string | null;
          })[];
        })[];
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One run, with what became of each of its messages */
  "getRun": {
    method: "get";
    path: "/api/v1/schedules/{name}/runs/{slot}";
    params: {
      "name": string;
      "slot": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "schedule": string;
      /** The planned moment: with the schedule, the identity of a run. Epoch ms. */
      "slot": number;
      "cause": "slot" | "catch-up" | "backfill" | "operator";
      /** waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ended; nothing: sendIf said no; skipped: see reason. */
      "state": "waiting" | "running" | "sending" | "sent" | "partial" | "failed" | "nothing" | "skipped";
      "reason": string | null;
      /** How many processes took it up. */
      "attempt": number;
      /** Epoch milliseconds. */
      "createdAt": number;
      "startedAt": number | null;
      "finishedAt": number | null;
      /** Then nothing of it is sent any more. */
      "expiresAt": number;
      "rows": number | null;
      /** text, or what pictures it was. */
      "output": string | null;
      "targets": ({
        "botcode": string;
        "target": Record<string, string>;
        /** What its room is called now; null: not a room, or one the bot does not know. */
        "roomTopic": string | null;
        /** Why nothing could be queued. */
        "reason": string | null;
        "messages": ({
          "msgid": number;
          "kind": string;
          "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
          "reason": string | null;
        })[];
      })[];
    };
  };
  /** Sends, newest first */
  "listSends": {
    method: "get";
    path: "/api/v1/sends";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "botcode"?: string;
      "chid"?: string;
      "state"?: "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown" | "troubled";
      "cleared"?: "false";
      "like"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "msgid": number;
        "botcode": string;
        /** ~operator: an operator sent it; ~report, ~scheduled: a report, a send for later; empty: the bot answered by itself. */
        "chid": string;
        "txcode": string;
        /** Of the report that it is of; null: of none. */
        "run": {
          "schedule": string;
          /** Epoch milliseconds. */
          "slot": number;
        } | null;
        "kind": "text" | "miniProgram" | "image";
        "target": Record<string, string>;
        /** Of a picture: its `source`, and, where it is of a report, which `page`. */
        "content": Record<string, unknown>;
        "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
        /** As channels are told. */
        "sendStatus": "0" | "1" | "2" | "3" | "4" | "-1";
        /** Why it waits or how it ended. */
        "reason": string | null;
        "roomId": string | null;
        /** What its room is called now; null: not a room, or one the bot does not know. */
        "roomTopic": string | null;
        /** Under which WeChat keeps it. */
        "messageId": string | null;
        "attempts": number;
        /** Epoch milliseconds. */
        "acceptedAt": number;
        "handedAt": number | null;
        "settledAt": number | null;
        /** When an operator dealt with a dead letter: sent it again, or discarded it. */
        "clearedAt": number | null;
        /** Epoch milliseconds. */
        "expiresAt": number;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Send something as an operator */
  "createSend": {
    method: "post";
    path: "/api/v1/sends";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "botcode": string;
      "roomId"?: string;
      /** Two rooms of this topic: refused, with their ids. */
      "roomTopic"?: string;
      "contactId"?: string;
      "contactName"?: string;
      "content": {
        "kind": "text";
        "text": string;
        /** Names or ids to @. */
        "mentions"?: string[];
      } | {
        "kind": "miniProgram";
        "card": {
          "appid": string;
          /** Original id of the mini-program (gh_…). */
          "username": string;
          "title": string;
          "description"?: string;
          "pagePath": string;
          "thumbUrl": string;
          /** Key of thumbUrl. */
          "thumbKey"?: string;
        };
      } | {
        "kind": "image";
        /** http(s) address, data: address, or the url or sha256 of an uploaded file. */
        "file": string;
      };
      /** Absent: one is made. */
      "txcode"?: string;
      "expiresInSeconds"?: number;
      /** A dead letter that this takes the place of: it is none any more. */
      "insteadOf"?: number;
    };
    answer: {
      "msgid": number;
      "botcode": string;
      /** ~operator: an operator sent it; ~report, ~scheduled: a report, a send for later; empty: the bot answered by itself. */
      "chid": string;
      "txcode": string;
      /** Of the report that it is of; null: of none. */
      "run": {
        "schedule": string;
        /** Epoch milliseconds. */
        "slot": number;
      } | null;
      "kind": "text" | "miniProgram" | "image";
      "target": Record<string, string>;
      /** Of a picture: its `source`, and, where it is of a report, which `page`. */
      "content": Record<string, unknown>;
      "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
      /** As channels are told. */
      "sendStatus": "0" | "1" | "2" | "3" | "4" | "-1";
      /** Why it waits or how it ended. */
      "reason": string | null;
      "roomId": string | null;
      /** What its room is called now; null: not a room, or one the bot does not know. */
      "roomTopic": string | null;
      /** Under which WeChat keeps it. */
      "messageId": string | null;
      "attempts": number;
      /** Epoch milliseconds. */
      "acceptedAt": number;
      "handedAt": number | null;
      "settledAt": number | null;
      /** When an operator dealt with a dead letter: sent it again, or discarded it. */
      "clearedAt": number | null;
      /** Epoch milliseconds. */
      "expiresAt": number;
    };
  };
  /** Send dead letters again, as they were */
  "sendAgain": {
    method: "post";
    path: "/api/v1/sends/again";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Sends that failed, expired or had no room. */
      "msgids": number[];
    };
    answer: {
      "items": ({
        "msgid": number;
        /** Its number from now on; null: it was not queued. */
        "again": number | null;
        /** Why it was not. */
        "problem": string | null;
      })[];
    };
  };
  /** Discard dead letters: nobody has to look at them any more */
  "discardSends": {
    method: "post";
    path: "/api/v1/sends/discard";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Sends that failed, expired or had no room. */
      "msgids": number[];
    };
    answer: {
      /** So many were dead letters until now. */
      "count": number;
    };
  };
  /** One send */
  "getSend": {
    method: "get";
    path: "/api/v1/sends/{msgid}";
    params: {
      "msgid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "msgid": number;
      "botcode": string;
      /** ~operator: an operator sent it; ~report, ~scheduled: a report, a send for later; empty: the bot answered by itself. */
      "chid": string;
      "txcode": string;
      /** Of the report that it is of; null: of none. */
      "run": {
        "schedule": string;
        /** Epoch milliseconds. */
        "slot": number;
      } | null;
      "kind": "text" | "miniProgram" | "image";
      "target": Record<string, string>;
      /** Of a picture: its `source`, and, where it is of a report, which `page`. */
      "content": Record<string, unknown>;
      "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
      /** As channels are told. */
      "sendStatus": "0" | "1" | "2" | "3" | "4" | "-1";
      /** Why it waits or how it ended. */
      "reason": string | null;
      "roomId": string | null;
      /** What its room is called now; null: not a room, or one the bot does not know. */
      "roomTopic": string | null;
      /** Under which WeChat keeps it. */
      "messageId": string | null;
      "attempts": number;
      /** Epoch milliseconds. */
      "acceptedAt": number;
      "handedAt": number | null;
      "settledAt": number | null;
      /** When an operator dealt with a dead letter: sent it again, or discarded it. */
      "clearedAt": number | null;
      /** Epoch milliseconds. */
      "expiresAt": number;
    };
  };
  /** Cancel what has not been handed to WeChat */
  "cancelSend": {
    method: "post";
    path: "/api/v1/sends/{msgid}/cancel";
    params: {
      "msgid": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "msgid": number;
      "botcode": string;
      /** ~operator: an operator sent it; ~report, ~scheduled: a report, a send for later; empty: the bot answered by itself. */
      "chid": string;
      "txcode": string;
      /** Of the report that it is of; null: of none. */
      "run": {
        "schedule": string;
        /** Epoch milliseconds. */
        "slot": number;
      } | null;
      "kind": "text" | "miniProgram" | "image";
      "target": Record<string, string>;
      /** Of a picture: its `source`, and, where it is of a report, which `page`. */
      "content": Record<string, unknown>;
      "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
      /** As channels are told. */
      "sendStatus": "0" | "1" | "2" | "3" | "4" | "-1";
      /** Why it waits or how it ended. */
      "reason": string | null;
      "roomId": string | null;
      /** What its room is called now; null: not a room, or one the bot does not know. */
      "roomTopic": string | null;
      /** Under which WeChat keeps it. */
      "messageId": string | null;
      "attempts": number;
      /** Epoch milliseconds. */
      "acceptedAt": number;
      "handedAt": number | null;
      "settledAt": number | null;
      /** When an operator dealt with a dead letter: sent it again, or discarded it. */
      "clearedAt": number | null;
      /** Epoch milliseconds. */
      "expiresAt": number;
    };
  };
  /** The picture of a send, as it left; with `width` a small one (WebP) */
  "getSendPicture": {
    method: "get";
    path: "/api/v1/sends/{msgid}/picture";
    params: {
      "msgid": number;
    };
    query: {
      "width"?: number;
    };
    body: never;
    answer: string;
  };
  /** Log in: a token for 12 hours, or a cookie */
  "openSession": {
    method: "post";
    path: "/api/v1/session";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "username": string;
      "password": string;
      /** Six digits of the authenticator, or a recovery code. */
      "totp"?: string;
      /** For a browser: no token, a cookie. */
      "cookie"?: boolean;
    };
    answer: {
      "user": {
        "id": number;
        "username": string;
        "role": "viewer" | "operator" | "admin";
        /** Of the console. Null: that of the browser. */
        "language": "zh" | "en" | null;
        /** The one of the config: it stays, and stays admin. */
        "builtIn": boolean;
        "disabled": boolean;
        /** A code of an authenticator is asked for. */
        "totp": boolean;
        /** Null: built in. */
        "createdAt": number | null;
        /** The newest log-in. */
        "loggedInAt": number | null;
        /** Shut until then to new addresses: too many wrong tries. */
        "lockedUntil": number | null;
      };
      /** Epoch milliseconds. */
      "expiresAt": number;
      /** For `Authorization: Bearer …`. Shown here and never again. */
      "token"?: string;
      /** For `X-Wxrc-Csrf`, with a cookie. */
      "csrf"?: string;
    };
  };
  /** Whose token or session this is */
  "whoAmI": {
    method: "get";
    path: "/api/v1/session";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "name": string;
      "via": "session" | "api" | "cli";
      /** viewer: looks; operator: runs things; admin: everything. */
      "role": "viewer" | "operator" | "admin";
      /** The user's, else the configured one. */
      "language": "zh" | "en";
      /** The configured one: times of operators are in it. */
      "timezone": string;
      /** Null: a program, or the command line. */
      "user": {
        "id": number;
        "username": string;
        "role": "viewer" | "operator" | "admin";
        /** Of the console. Null: that of the browser. */
        "language": "zh" | "en" | null;
        /** The one of the config: it stays, and stays admin. */
        "builtIn": boolean;
        "disabled": boolean;
        /** A code of an authenticator is asked for. */
        "totp": boolean;
        /** Null: built in. */
        "createdAt": number | null;
        /** The newest log-in. */
        "loggedInAt": number | null;
        /** Shut until then to new addresses: too many wrong tries. */
        "lockedUntil": number | null;
      } | null;
      /** For `X-Wxrc-Csrf`; null: no cookie speaks here. */
      "csrf": string | null;
      "expiresAt": number | null;
    };
  };
  /** Log out: the token or session of this request ends */
  "closeSession": {
    method: "delete";
    path: "/api/v1/session";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** The daemon at a glance: health, bots, queues, deliveries */
  "status": {
    method: "get";
    path: "/api/v1/status";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "version": string;
      "node": string;
      "pid": number;
      /** The clock of the daemon, to compare yours with. */
      "time": number;
      "timezone": string;
      /** Epoch milliseconds. */
      "startedAt": number;
      "url": string;
      "memoryBytes": number;
      /** Why the config could not be read again. */
      "configFault": string | null;
      "ready": {
        "status": "ready" | "not-ready";
        /** Why it is not ready. */
        "reasons": string[];
        /** What an operator should look at; it works all the same. */
        "warnings": string[];
        "parts": {
          "process": {
            "ok": boolean;
            "detail"?: string;
          };
          "database": {
            "ok": boolean;
            "detail"?: string;
            /** A transaction, until it was on disk. */
            "commitMs"?: number;
          };
          "config": {
            "ok": boolean;
            "detail"?: string;
          };
          /** Whether every account gets its access_token. */
          "wechat": {
            "ok": boolean;
            "detail"?: string;
          };
          /** Whether reports can be drawn: fonts and renderer. */
          "pictures": {
            "ok": boolean;
            "detail"?: string;
          };
          /** Whether its files and desks are there, and its model answers. */
          "chatbot": {
            "ok": boolean;
            "detail"?: string;
          };
          "bots": {
            "ok": boolean;
            "detail"?: string;
            "total": number;
            /** How many are in each state. */
            "states": Record<string, number>;
          };
        };
      };
      /** The first 200. */
      "bots": ({
        "botcode": string;
        "state": string;
        "userAction": string;
        "account": string | null;
        "queued": number;
      })[];
      /** The first 200. */
      "channels": ({
        "chid": string;
        "pausedReason": string | null;
        "due": number;
        "dead": number;
        "oldestDueAt": number | null;
      })[];
    };
  };
  /** Live tokens and sessions, without themselves */
  "listTokens": {
    method: "get";
    path: "/api/v1/tokens";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        "kind": "session" | "api";
        "name": string;
        /** viewer: looks; operator: runs things; admin: everything. */
        "role": "viewer" | "operator" | "admin";
        /** Epoch milliseconds. */
        "createdAt": number;
        /** Null: until it is revoked. */
        "expiresAt": number | null;
        /** Who made the token of a program. */
        "madeBy": string | null;
        /** From where the session was opened. */
        "address": string | null;
        /** What the browser called itself. */
        "agent": string | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Make a token for a program */
  "createToken": {
    method: "post";
    path: "/api/v1/tokens";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "name": string;
      "role"?: "viewer" | "operator" | "admin";
      /** Absent: it never ends. */
      "expiresInDays"?: number;
    };
    answer: {
      "id": number;
      "kind": "session" | "api";
      "name": string;
      /** viewer: looks; operator: runs things; admin: everything. */
      "role": "viewer" | "operator" | "admin";
      /** Epoch milliseconds. */
      "createdAt": number;
      /** Null: until it is revoked. */
      "expiresAt": number | null;
      /** Who made the token of a program. */
      "madeBy": string | null;
      /** From where the session was opened. */
      "address": string | null;
      /** What the browser called itself. */
      "agent": string | null;
      /** For `Authorization: Bearer …`. Shown here and never again. */
      "token": string;
    };
  };
  /** End a token or session */
  "revokeToken": {
    method: "delete";
    path: "/api/v1/tokens/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Every step of one msgid or txcode, with its time */
  "trace": {
    method: "get";
    path: "/api/v1/trace";
    params: Record<never, never>;
    query: {
      "msgid"?: number;
      "txcode"?: string;
      "chid"?: string;
    };
    body: never;
    answer: {
      /** Requests with this number; one a day at most. */
      "commands": ({
        "chid": string;
        "txcode": string;
        /** Day of its txtime, yyyymmdd. */
        "day": string;
        /** Epoch milliseconds. */
        "at": number;
        /** What the channel was answered, byte for byte; null: it is being done. */
        "answer": string | null;
      })[];
      "sends": ({
        "send": {
          "msgid": number;
          "botcode": string;
          /** ~operator: an operator sent it; ~report, ~scheduled: a report, a send for later; empty: the bot answered by itself. */
          "chid": string;
          "txcode": string;
          /** Of the report that it is of; null: of none. */
          "run": {
            "schedule": string;
            /** Epoch milliseconds. */
            "slot": number;
          } | null;
          "kind": "text" | "miniProgram" | "image";
          "target": Record<string, string>;
          /** Of a picture: its `source`, and, where it is of a report, which `page`. */
          "content": Record<string, unknown>;
          "state": "queued" | "sending" | "sent" | "absent" | "failed" | "expired" | "cancelled" | "unknown";
          /** As channels are told. */
          "sendStatus": "0" | "1" | "2" | "3" | "4" | "-1";
          /** Why it waits or how it ended. */
          "reason": string | null;
          "roomId": string | null;
          /** What its room is called now; null: not a room, or one the bot does not know. */
          "roomTopic": string | null;
          /** Under which WeChat keeps it. */
          "messageId": string | null;
          "attempts": number;
          /** Epoch milliseconds. */
          "acceptedAt": number;
          "handedAt": number | null;
          "settledAt": number | null;
          /** When an operator dealt with a dead letter: sent it again, or discarded it. */
          "clearedAt": number | null;
          /** Epoch milliseconds. */
          "expiresAt": number;
        };
        /** Everything in order of time, deliveries included. */
        "steps": ({
          /** Epoch milliseconds. */
          "at": number;
          /** accepted, waiting, moving, …, the final state; event and post: telling the channel. */
          "step": string;
          "detail": string | null;
        })[];
        "deliveries": ({
          "chid": string;
          "eventId": number;
          "botcode": string;
          "type": "qrCode" | "botStatus" | "userMsg" | "sendStatus";
          /** Epoch milliseconds. */
          "at": number;
          "state": "due" | "acked" | "dead" | "superseded" | "none" | "discarded";
          /** Tries since it became due. */
          "attempts": number;
          "nextTryAt": number | null;
          "doneAt": number | null;
          "lastError": string | null;
          "tries": ({
            /** Epoch milliseconds. */
            "at": number;
            "tookMs": number;
            /** HTTP status; null: there was no answer. */
            "status": number | null;
            /** Why it does not count as delivered. */
            "error": string | null;
            /** Beginning of what the receiver answered. */
            "answer": string | null;
          })[];
        })[];
      })[];
    };
  };
  /** The people who may log in */
  "listOperators": {
    method: "get";
    path: "/api/v1/users";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        "username": string;
        "role": "viewer" | "operator" | "admin";
        /** Of the console. Null: that of the browser. */
        "language": "zh" | "en" | null;
        /** The one of the config: it stays, and stays admin. */
        "builtIn": boolean;
        "disabled": boolean;
        /** A code of an authenticator is asked for. */
        "totp": boolean;
        /** Null: built in. */
        "createdAt": number | null;
        /** The newest log-in. */
        "loggedInAt": number | null;
        /** Shut until then to new addresses: too many wrong tries. */
        "lockedUntil": number | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** Add a person */
  "addOperator": {
    method: "post";
    path: "/api/v1/users";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Upper and lower case are the same. */
      "username": string;
      /** viewer: looks; operator: runs things; admin: everything. */
      "role"?: "viewer" | "operator" | "admin";
      /** Absent: one is made. */
      "password"?: string;
    };
    answer: {
      "user": {
        "id": number;
        "username": string;
        "role": "viewer" | "operator" | "admin";
        /** Of the console. Null: that of the browser. */
        "language": "zh" | "en" | null;
        /** The one of the config: it stays, and stays admin. */
        "builtIn": boolean;
        "disabled": boolean;
        /** A code of an authenticator is asked for. */
        "totp": boolean;
        /** Null: built in. */
        "createdAt": number | null;
        /** The newest log-in. */
        "loggedInAt": number | null;
        /** Shut until then to new addresses: too many wrong tries. */
        "lockedUntil": number | null;
      };
      /** The one that was made. Shown here and never again. */
      "password"?: string;
    };
  };
  /** One person */
  "getOperator": {
    method: "get";
    path: "/api/v1/users/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      "username": string;
      "role": "viewer" | "operator" | "admin";
      /** Of the console. Null: that of the browser. */
      "language": "zh" | "en" | null;
      /** The one of the config: it stays, and stays admin. */
      "builtIn": boolean;
      "disabled": boolean;
      /** A code of an authenticator is asked for. */
      "totp": boolean;
      /** Null: built in. */
      "createdAt": number | null;
      /** The newest log-in. */
      "loggedInAt": number | null;
      /** Shut until then to new addresses: too many wrong tries. */
      "lockedUntil": number | null;
    };
  };
  /** Another role, at once; disabled ends the sessions */
  "changeOperator": {
    method: "patch";
    path: "/api/v1/users/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      /** viewer: looks; operator: runs things; admin: everything. */
      "role"?: "viewer" | "operator" | "admin";
      "disabled"?: boolean;
    };
    answer: {
      "id": number;
      "username": string;
      "role": "viewer" | "operator" | "admin";
      /** Of the console. Null: that of the browser. */
      "language": "zh" | "en" | null;
      /** The one of the config: it stays, and stays admin. */
      "builtIn": boolean;
      "disabled": boolean;
      /** A code of an authenticator is asked for. */
      "totp": boolean;
      /** Null: built in. */
      "createdAt": number | null;
      /** The newest log-in. */
      "loggedInAt": number | null;
      /** Shut until then to new addresses: too many wrong tries. */
      "lockedUntil": number | null;
    };
  };
  /** Remove a person; sessions end, tokens made for programs stay */
  "removeOperator": {
    method: "delete";
    path: "/api/v1/users/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Give somebody another password; his sessions end */
  "resetOperatorPassword": {
    method: "post";
    path: "/api/v1/users/{id}/password";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      /** Absent: one is made. */
      "password"?: string;
    };
    answer: {
      /** The one that was made. Shown here and never again. */
      "password"?: string;
    };
  };
  /** Log somebody out everywhere */
  "endOperatorSessions": {
    method: "delete";
    path: "/api/v1/users/{id}/sessions";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Ask somebody for no code any more, who lost his authenticator */
  "removeOperatorTotp": {
    method: "delete";
    path: "/api/v1/users/{id}/totp";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** Forget the wrong log-ins of a name */
  "unlockOperator": {
    method: "post";
    path: "/api/v1/users/{id}/unlock";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      "username": string;
      "role": "viewer" | "operator" | "admin";
      /** Of the console. Null: that of the browser. */
      "language": "zh" | "en" | null;
      /** The one of the config: it stays, and stays admin. */
      "builtIn": boolean;
      "disabled": boolean;
      /** A code of an authenticator is asked for. */
      "totp": boolean;
      /** Null: built in. */
      "createdAt": number | null;
      /** The newest log-in. */
      "loggedInAt": number | null;
      /** Shut until then to new addresses: too many wrong tries. */
      "lockedUntil": number | null;
    };
  };
  /** Accounts on WeChat's own platform, by appid; what is secret is not shown */
  "listWechatAccounts": {
    method: "get";
    path: "/api/v1/wechat/accounts";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: string;
    };
    body: never;
    answer: {
      "items": ({
        "appid": string;
        "name": string | null;
        "kind": "miniprogram" | "official";
        /** What its pushes have to be. */
        "mode": "plain" | "compatible" | "secure";
        /** Its first two characters and its length; null: none. */
        "token": string | null;
        "hasKey": boolean;
        "hasSecret": boolean;
        "apiBase": string;
        "tokenUrl": string | null;
        /** Desk whose agents answer its users. */
        "storeId": number | null;
        "welcome": string | null;
        /** Nothing leaves. */
        "simulate": boolean;
        /** What WeChat's console is given; any of them. */
        "pushUrls": string[];
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** What may be sent to a user: windows and credits */
  "getWechatUser": {
    method: "get";
    path: "/api/v1/wechat/accounts/{account}/users/{openId}";
    params: {
      "account": string;
      "openId": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "account": string;
      "openId": string;
      /** Customer-service messages that may be sent now. */
      "left": number;
      /** Until when; null: none may be sent. */
      "until": number | null;
      "windows": ({
        /** What the user did. */
        "action": "message" | "enter" | "click" | "follow" | "scan";
        /** Epoch milliseconds. */
        "at": number;
        /** Sent since. */
        "sends": number;
        "most": number;
        "left": number;
        /** When it closes, or closed. */
        "until": number;
        /** closed: WeChat said that it is over before its time. */
        "state": "open" | "used" | "over" | "closed";
      })[];
      "credits": ({
        /** form: a legacy form id; template: accepted. */
        "kind": "form" | "template";
        /** The form id, or the template. */
        "value": string;
        /** Epoch milliseconds. */
        "at": number;
        "expiresAt": number | null;
        "usedAt": number | null;
        "state": "live" | "expired" | "used" | "refused" | "dropped" | "removed";
      })[];
    };
  };
  /** What leaves for users of WeChat's platform, newest first */
  "listWechatOutbox": {
    method: "get";
    path: "/api/v1/wechat/outbox";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "account"?: string;
      "openId"?: string;
      "state"?: "due" | "sending" | "sent" | "kept" | "failed" | "unknown";
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        /** Appid. */
        "account": string;
        "openId": string;
        /** custom: words of a conversation; notice: tells of a message not yet fetched. */
        "kind": "custom" | "notice";
        /** Of a text too long for one message, from 1. */
        "part": number;
        "parts": number;
        "messageId": number | null;
        "conversation": number | null;
        /** Who said it, and is told when it fails. */
        "agent": string | null;
        /** sending: handed over, no answer yet; kept: no way was open; failed: it did not arrive, see `error`; unknown: handed over, and nobody knows whether it arrived. */
        "state": "due" | "sending" | "sent" | "kept" | "failed" | "unknown";
        /** By which call it went. */
        "via": "custom" | "subscribe" | null;
        "attempts": number;
        /** While it is due: not before. */
        "runAt": number;
        /** WeChat's; below -999 one of ours. */
        "errcode": number | null;
        /** Refused by us, WeChat was not asked: `errcode` is what it would have said. */
        "local": boolean;
        "error": string | null;
        /** What the code means, and what can be done. */
        "hint": string | null;
        /** Epoch milliseconds. */
        "createdAt": number;
        "settledAt": number | null;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One send, with what is said */
  "getWechatOutbox": {
    method: "get";
    path: "/api/v1/wechat/outbox/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      /** Appid. */
      "account": string;
      "openId": string;
      /** custom: words of a conversation; notice: tells of a message not yet fetched. */
      "kind": "custom" | "notice";
      /** Of a text too long for one message, from 1. */
      "part": number;
      "parts": number;
      "messageId": number | null;
      "conversation": number | null;
      /** Who said it, and is told when it fails. */
      "agent": string | null;
      /** sending: handed over, no answer yet; kept: no way was open; failed: it did not arrive, see `error`; unknown: handed over, and nobody knows whether it arrived. */
      "state": "due" | "sending" | "sent" | "kept" | "failed" | "unknown";
      /** By which call it went. */
      "via": "custom" | "subscribe" | null;
      "attempts": number;
      /** While it is due: not before. */
      "runAt": number;
      /** WeChat's; below -999 one of ours. */
      "errcode": number | null;
      /** Refused by us, WeChat was not asked: `errcode` is what it would have said. */
      "local": boolean;
      "error": string | null;
      /** What the code means, and what can be done. */
      "hint": string | null;
      /** Epoch milliseconds. */
      "createdAt": number;
      "settledAt": number | null;
      /** What is to be said. */
      "content": Record<string, unknown>;
    };
  };
  /** Send again what has failed or was kept */
  "resendWechatOutbox": {
    method: "post";
    path: "/api/v1/wechat/outbox/{id}/resend";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: {
      /** Also what may have arrived before. */
      "force"?: boolean;
    };
    answer: {
      "id": number;
      /** Appid. */
      "account": string;
      "openId": string;
      /** custom: words of a conversation; notice: tells of a message not yet fetched. */
      "kind": "custom" | "notice";
      /** Of a text too long for one message, from 1. */
      "part": number;
      "parts": number;
      "messageId": number | null;
      "conversation": number | null;
      /** Who said it, and is told when it fails. */
      "agent": string | null;
      /** sending: handed over, no answer yet; kept: no way was open; failed: it did not arrive, see `error`; unknown: handed over, and nobody knows whether it arrived. */
      "state": "due" | "sending" | "sent" | "kept" | "failed" | "unknown";
      /** By which call it went. */
      "via": "custom" | "subscribe" | null;
      "attempts": number;
      /** While it is due: not before. */
      "runAt": number;
      /** WeChat's; below -999 one of ours. */
      "errcode": number | null;
      /** Refused by us, WeChat was not asked: `errcode` is what it would have said. */
      "local": boolean;
      "error": string | null;
      /** What the code means, and what can be done. */
      "hint": string | null;
      /** Epoch milliseconds. */
      "createdAt": number;
      "settledAt": number | null;
      /** What is to be said. */
      "content": Record<string, unknown>;
    };
  };
  /** What WeChat pushed, newest first */
  "listWechatPushes": {
    method: "get";
    path: "/api/v1/wechat/pushes";
    params: Record<never, never>;
    query: {
      "limit"?: number;
      "cursor"?: number;
      "account"?: string;
      "openId"?: string;
      "state"?: "due" | "done" | "failed";
    };
    body: never;
    answer: {
      "items": ({
        "id": number;
        /** Appid. */
        "account": string;
        /** MsgType, or `event:<name>`. */
        "kind": string;
        "openId": string;
        "format": "xml" | "json";
        /** Epoch milliseconds. */
        "at": number;
        /** How often WeChat came with it. */
        "tries": number;
        /** due: not worked off yet. */
        "state": "due" | "done" | "failed";
        /** Until it was on disk and answered; null: not known. */
        "tookMs": number | null;
        "error": string | null;
        /** Its text is still kept. */
        "hasBody": boolean;
      })[];
      /** Cursor of the next page; null: this was the last. */
      "next": string | null;
    };
  };
  /** One push with its text and our answer */
  "getWechatPush": {
    method: "get";
    path: "/api/v1/wechat/pushes/{id}";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": number;
      /** Appid. */
      "account": string;
      /** MsgType, or `event:<name>`. */
      "kind": string;
      "openId": string;
      "format": "xml" | "json";
      /** Epoch milliseconds. */
      "at": number;
      /** How often WeChat came with it. */
      "tries": number;
      /** due: not worked off yet. */
      "state": "due" | "done" | "failed";
      /** Until it was on disk and answered; null: not known. */
      "tookMs": number | null;
      "error": string | null;
      /** Its text is still kept. */
      "hasBody": boolean;
      /** As it came, decrypted, without tickets; null: forgotten. */
      "body": string | null;
      /** What WeChat got, before it was encrypted. */
      "answer": string | null;
    };
  };
  /** Work off a failed push again */
  "replayWechatPush": {
    method: "post";
    path: "/api/v1/wechat/pushes/{id}/replay";
    params: {
      "id": number;
    };
    query: Record<never, never>;
    body: never;
    answer: void;
  };
  /** The same as login */
  "webLogin": {
    method: "post";
    path: "/api/webLogin";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "reqHead": Schemas["ReqHead"];
      "reqBody"?: Schemas["webLoginRequest"];
    };
    answer: Schemas["webLoginAnswer"];
  };
  /** The same as login */
  "webLoginByGet": {
    method: "get";
    path: "/api/webLogin";
    params: Record<never, never>;
    query: {
      "reqHead": unknown;
      "reqBody"?: unknown;
    };
    body: never;
    answer: Schemas["webLoginAnswer"];
  };
  /** Upload a sound */
  "uploadImAudio": {
    method: "post";
    path: "/audios";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        /** Where it is served, below the address of the daemon. */
        "src": string;
        "src_url": string;
      };
      /** Where it is served, below the address of the daemon. */
      "src": string;
      "src_url": string;
    };
  };
  /** An uploaded file (a sound), whole or a stretch of it */
  "readImAudio": {
    method: "get";
    path: "/audios/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Make a customer of a desk a user of the application */
  "registerCustomer": {
    method: "post";
    path: "/auth/customer";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "appid": number | string;
      /** What the application calls the customer. Absent: a new one each time. */
      "customer_id"?: number | string | null;
      "name"?: string | null;
      "avatar"?: string | null;
      /** Not needed. */
      "platform_id"?: unknown;
      "device_id"?: unknown;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "token": string;
        "store_id": number;
        /** The uid of the customer. */
        "client_id": number;
      };
    };
  };
  /** A user's token: the same one each time, until it is revoked */
  "grantToken": {
    method: "post";
    path: "/auth/grant";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "uid": number | string;
      "user_name"?: string | null;
      /** Not needed: a token is good for all devices. */
      "platform_id"?: unknown;
      "device_id"?: unknown;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "token": string;
      };
    };
  };
  /** Make a group; a user makes its own */
  "createClientGroup": {
    method: "post";
    path: "/client/groups";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "master": number | string;
      "name": string;
      "super"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      "members": (number | string | {
        "uid": number | string;
        "name"?: string;
        "avatar"?: string;
      })[];
      "group_id"?: number | string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "group_id": number;
      };
    };
  };
  /** The groups that a user is in */
  "listClientGroups": {
    method: "get";
    path: "/client/groups";
    params: Record<never, never>;
    query: {
      "fields"?: string;
      "uid"?: number | string;
    };
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": ({
        "id": number;
        "appid": number;
        "master": number;
        "super": 0 | 1;
        "name": string;
        "notice": string;
        "members"?: {
          "uid": number;
          "name": string;
          "avatar": string;
          /** In the group; the name when there is no other. */
          "nickname": string;
          "nickname_in_group"?: string;
        }[];
        "do_not_disturb"?: boolean;
      })[];
    };
  };
  /** A group with its members */
  "readClientGroup": {
    method: "get";
    path: "/client/groups/{gid}";
    params: {
      "gid": string;
    };
    query: {
      "fields"?: string;
      "uid"?: number | string;
    };
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "id": number;
        "appid": number;
        "master": number;
        "super": 0 | 1;
        "name": string;
        "notice": string;
        "members"?: {
          "uid": number;
          "name": string;
          "avatar": string;
          /** In the group; the name when there is no other. */
          "nickname": string;
          "nickname_in_group"?: string;
        }[];
        "do_not_disturb"?: boolean;
      };
    };
  };
  /** Rename a group, or change its notice: the first of them counts */
  "changeClientGroup": {
    method: "patch";
    path: "/client/groups/{gid}";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      "notice"?: string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Disband a group; of the users its master may */
  "disbandClientGroup": {
    method: "delete";
    path: "/client/groups/{gid}";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Bring members into a group, or join it */
  "addClientMembers": {
    method: "post";
    path: "/client/groups/{gid}/members";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: {
      "members": (number | string | {
        "uid": number | string;
        "name"?: string;
        "avatar"?: string;
      })[];
      "inviter"?: {
        "uid": number | string;
        "name"?: string;
      };
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Take members out of a group; of the users its master may */
  "removeClientMembers": {
    method: "delete";
    path: "/client/groups/{gid}/members";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: (number | string | {
      "uid": number | string;
      "name"?: string;
      "avatar"?: string;
    })[];
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Leave a group */
  "leaveClientGroup": {
    method: "delete";
    path: "/client/groups/{gid}/members/{mid}";
    params: {
      "gid": string;
      "mid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** A member's own settings in a group: the first of them counts */
  "setClientMember": {
    method: "patch";
    path: "/client/groups/{gid}/members/{mid}";
    params: {
      "gid": string;
      "mid": string;
    };
    query: Record<never, never>;
    body: {
      /** The same as do_not_disturb. */
      "quiet"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      /** No push about what is said there. */
      "do_not_disturb"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      "nickname"?: string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Make a customer of a desk a user of the application */
  "registerCustomerByAppKey": {
    method: "post";
    path: "/customer/register";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "appid": number | string;
      /** What the application calls the customer. Absent: a new one each time. */
      "customer_id"?: number | string | null;
      "name"?: string | null;
      "avatar"?: string | null;
      /** Not needed. */
      "platform_id"?: unknown;
      "device_id"?: unknown;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "token": string;
        "store_id": number;
        /** The uid of the customer. */
        "client_id": number;
      };
    };
  };
  /** Keep tokens of push services for the caller's telephone: one or more */
  "bindDevice": {
    method: "post";
    path: "/device/bind";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "apns_device_token"?: string | null;
      "pushkit_device_token"?: string | null;
      "ng_device_token"?: string | null;
      "xg_device_token"?: string | null;
      "xm_device_token"?: string | null;
      "hw_device_token"?: string | null;
      "gcm_device_token"?: string | null;
      "jp_device_token"?: string | null;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Forget tokens of push services; another one that was bound meanwhile stays */
  "unbindDevice": {
    method: "post";
    path: "/device/unbind";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "apns_device_token"?: string | null;
      "pushkit_device_token"?: string | null;
      "ng_device_token"?: string | null;
      "xg_device_token"?: string | null;
      "xm_device_token"?: string | null;
      "hw_device_token"?: string | null;
      "gcm_device_token"?: string | null;
      "jp_device_token"?: string | null;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** An uploaded file, whole or a stretch of it */
  "readFile": {
    method: "get";
    path: "/file/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Upload a file */
  "uploadImFile": {
    method: "post";
    path: "/files";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        /** Where it is served, below the address of the daemon. */
        "src": string;
        "src_url": string;
      };
      /** Where it is served, below the address of the daemon. */
      "src": string;
      "src_url": string;
    };
  };
  /** An uploaded file (a file), whole or a stretch of it */
  "readImFile": {
    method: "get";
    path: "/files/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Make a group of exactly these members */
  "createGroup": {
    method: "post";
    path: "/groups";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      /** Is a member only when named among them. */
      "master": number | string;
      "name": string;
      /** What is said is kept once for all; for large groups. */
      "super"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      "members": (number | string | {
        "uid": number | string;
        "name"?: string;
        "avatar"?: string;
      })[];
      /** The application's own choice. Absent: the next free one. */
      "group_id"?: number | string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "group_id": number;
      };
    };
  };
  /** Rename a group */
  "renameGroup": {
    method: "patch";
    path: "/groups/{gid}";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: {
      "name": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Disband a group */
  "disbandGroup": {
    method: "delete";
    path: "/groups/{gid}";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Add members to a group */
  "addMembers": {
    method: "post";
    path: "/groups/{gid}/members";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: {
      "members": (number | string | {
        "uid": number | string;
        "name"?: string;
        "avatar"?: string;
      })[];
      "inviter"?: {
        "uid": number | string;
        "name"?: string;
      };
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Take members out of a group */
  "removeMembers": {
    method: "delete";
    path: "/groups/{gid}/members";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: (number | string | {
      "uid": number | string;
      "name"?: string;
      "avatar"?: string;
    })[];
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** A member leaves a group; who is none may be said to have left */
  "leaveGroup": {
    method: "delete";
    path: "/groups/{gid}/members/{mid}";
    params: {
      "gid": string;
      "mid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Settings of a member in a group */
  "setMember": {
    method: "patch";
    path: "/groups/{gid}/members/{mid}";
    params: {
      "gid": string;
      "mid": string;
    };
    query: Record<never, never>;
    body: {
      /** No push about what is said there. */
      "do_not_disturb"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      "nickname"?: string;
      /** May not speak there. */
      "mute"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Make a group a super group, for good */
  "upgradeGroup": {
    method: "post";
    path: "/groups/{gid}/upgrade";
    params: {
      "gid": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Verification of the address: echoes `echostr` when it was signed with our token */
  "verifyWechatAccount": {
    method: "get";
    path: "/im_component/wx_official_account/push/{appid}";
    params: {
      "appid": string;
    };
    query: {
      "signature"?: string;
      "timestamp": string;
      "nonce": string;
      "echostr": string;
    };
    body: never;
    answer: string;
  };
  /** A message or an event of a user */
  "pushWechatAccount": {
    method: "post";
    path: "/im_component/wx_official_account/push/{appid}";
    params: {
      "appid": string;
    };
    query: {
      "signature"?: string;
      "timestamp": string;
      "nonce": string;
      "encrypt_type"?: string;
      "msg_signature"?: string;
      "openid"?: string;
    };
    body: Blob;
    answer: string;
  };
  /** Push a message to a user, or to many */
  "officialSend": {
    method: "post";
    path: "/im_component/wx_official_account/send";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "data": {
        /** Ours. Your name for it: within a day, the same name is done once. */
        "id"?: string | number;
        /** text, image, voice, video, shortvideo, location, link, miniprogrampage, event; any other with a `msg.content` is delivered as text. */
        "msg_type"?: string | number | null;
        /** Who gets it. */
        "contact_id"?: string | number;
        /** Ours. Who get it, instead of contact_id: all or none, one message. */
        "contact_ids"?: (string | number)[];
        /** Ours. Who says it: contact_id of the frame that is delivered. */
        "from_id"?: string | number | "";
        /** Handed through. */
        "name"?: string | number | null;
        /** Handed through. */
        "avatar"?: string | number | null;
        /** Handed through. */
        "company_id"?: string | number | null;
        /** `content` of a text, `media_path` of an image, a voice, a video. */
        "msg": Record<string, unknown>;
      };
      "result"?: {
        /** Counts without a msg_type. */
        "code"?: number | string;
      } & Record<string, unknown>;
    };
    answer: {
      "data": {
        /** Of the frame that is delivered. */
        "id": string;
        /** With contact_ids: how many get it. */
        "count"?: number;
      };
      "result": {
        "code": 100;
        "message": string;
      };
    };
  };
  /** Push a message as WeChat would, in XML */
  "officialSendXml": {
    method: "post";
    path: "/im_component/wx_official_account/send_xml";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      "data": {
        /** Of the frame that is delivered. */
        "id": string;
        /** With contact_ids: how many get it. */
        "count"?: number;
      };
      "result": {
        "code": 100;
        "message": string;
      };
    };
  };
  /** Upload a picture */
  "uploadImImage": {
    method: "post";
    path: "/images";
    params: Record<never, never>;
    query: Record<never, never>;
    body: Blob;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        /** Where it is served, below the address of the daemon. */
        "src": string;
        "src_url": string;
      };
      /** Where it is served, below the address of the daemon. */
      "src": string;
      "src_url": string;
    };
  };
  /** An uploaded file (a picture), whole or a stretch of it */
  "readImImage": {
    method: "get";
    path: "/images/{name}";
    params: {
      "name": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Whether the process runs */
  "live": {
    method: "get";
    path: "/live";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "status": "live";
      "version": string;
      "uptimeSeconds": number;
    };
  };
  /** A JSON-RPC 2.0 message of the Model Context Protocol */
  "mcp": {
    method: "post";
    path: "/mcp";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "jsonrpc": "2.0";
      /** Absent: a notification. */
      "id"?: string | number;
      /** initialize, ping, tools/list, tools/call */
      "method": string;
      "params"?: Record<string, unknown>;
    } & Record<string, unknown>;
    answer: {
      "jsonrpc": "2.0";
    } & Record<string, unknown>;
  };
  /** What was said to and by the caller, oldest first: of the newest 1024 entries of the own inbox and of super groups */
  "readHistory": {
    method: "get";
    path: "/messages";
    params: Record<never, never>;
    query: {
      "store"?: number | string;
    };
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        /** Sync key of the message: in the inbox of the caller, or of the super group. */
        "id": number;
        /** It was said in a super group. */
        "super"?: 1;
        "command": number;
        "sender": number;
        "receiver": number;
        "content": string;
        /** Seconds. */
        "timestamp": number;
        "sender_appid"?: number;
        "receiver_appid"?: number;
        "customer_appid"?: number;
        "customer_id"?: number;
        "store_id"?: number;
        "seller_id"?: number;
      }[];
    };
  };
  /** Nothing to do: a client says over its connection how far it has read */
  "dequeueMessages": {
    method: "post";
    path: "/messages/dequeue";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Say something as a user in a group */
  "sendGroupMessage": {
    method: "post";
    path: "/messages/groups";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sender": number | string;
      /** The group. */
      "receiver": number | string;
      "content": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** A notice to all members of a group, as those about its members */
  "sendGroupNotification": {
    method: "post";
    path: "/messages/groups/notifications";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "group_id": number | string;
      "content": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Tell a user who is online now; not kept */
  "sendNotification": {
    method: "post";
    path: "/messages/notifications";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "receiver": number | string;
      "content": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** How much waits for a user, and whether any of it deserves a notice */
  "countOffline": {
    method: "get";
    path: "/messages/offline";
    params: Record<never, never>;
    query: {
      "uid"?: number | string;
      "customer_id"?: string;
      "platform_id"?: unknown;
      "device_id"?: unknown;
    };
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "count": number;
        "new": 0 | 1;
      };
    };
  };
  /** Say something as one user to another */
  "sendPeerMessage": {
    method: "post";
    path: "/messages/peers";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sender": number | string;
      "receiver": number | string;
      "content": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Say something in a chat room, to those who are in it now; not kept */
  "sendRoomMessage": {
    method: "post";
    path: "/messages/rooms";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sender": number | string;
      /** The chat room. */
      "receiver": number | string;
      "content": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Tell a user something as the system */
  "sendSystemMessage": {
    method: "post";
    path: "/messages/systems";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "receiver": number | string;
      "content": string;
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Numbers for Prometheus */
  "metrics": {
    method: "get";
    path: "/metrics";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** End a session */
  "destroyChatbotSession": {
    method: "post";
    path: "/mpweixin/chatbot/destroy";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
    };
    answer: {
      "code": number;
      "message": string;
      "data": Record<never, never>;
    };
  };
  /** Like an answer, or not */
  "appraiseChatbotMessage": {
    method: "post";
    path: "/mpweixin/chatbot/message/appraise";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
      /** Of the reply, as sending answered it. */
      "messageId": string;
      "like": boolean;
    };
    answer: {
      "code": number;
      "message": string;
      "data": Record<never, never>;
    };
  };
  /** Cancel an answer */
  "cancelChatbotMessage": {
    method: "post";
    path: "/mpweixin/chatbot/message/cancel";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
      /** Of the reply, as sending answered it. */
      "messageId": string;
    };
    answer: {
      "code": number;
      "message": string;
      "data": Record<never, never>;
    };
  };
  /** Fetch an answer by its name */
  "receiveNamedChatbotMessage": {
    method: "get";
    path: "/mpweixin/chatbot/message/receive";
    params: Record<never, never>;
    query: {
      "sessionId": string;
      "messageId": string;
      "offset"?: string;
      "wait"?: string;
    };
    body: never;
    answer: {
      "code": number;
      "message": string;
      "data": {
        "sessionId": string;
        "messageId": string;
        "content": string;
        "timestamp": string;
        /** stop, length, content_filter, error, cancelled; absent while it is made. */
        "finish"?: string;
        /** Of a card or an image. */
        "reply"?: {
          "type": string;
        } & Record<string, unknown>;
      };
    };
  };
  /** Ask the chatbot, naming the question */
  "sendNamedChatbotMessage": {
    method: "post";
    path: "/mpweixin/chatbot/message/send";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
      /** Made by the client; any text, best `<sessionId>--<uuid>`. */
      "messageId": string;
      "content": string;
      /** yyyy/MM/dd HH:mm:ss in the zone of the daemon. */
      "timestamp"?: string;
    };
    answer: {
      "code": number;
      "message": string;
      "data": {
        "sessionId": string;
        /** Of the reply to come. */
        "messageId": string;
        "timestamp": string;
      };
    };
  };
  /** Fetch an answer */
  "receiveChatbotMessage": {
    method: "get";
    path: "/mpweixin/chatbot/receive";
    params: Record<never, never>;
    query: {
      "sessionId": string;
      "timestamp"?: "" | string;
      "offset"?: string;
      "wait"?: string;
    };
    body: never;
    answer: {
      "code": number;
      "message": string;
      "data": {
        "sessionId": string;
        /** Empty while code is 100, unless `offset` asks for pieces. */
        "content": string;
        "timestamp": string;
      };
    };
  };
  /** Ask the chatbot */
  "sendChatbotMessage": {
    method: "post";
    path: "/mpweixin/chatbot/send";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
      "content": string;
      /** yyyy/MM/dd HH:mm:ss in the zone of the daemon. */
      "timestamp": string;
    };
    answer: {
      "code": number;
      "message": string;
      "data": {
        "sessionId": string;
        /** Of the reply to come. */
        "messageId": string;
        "timestamp": string;
      };
    };
  };
  /** End a session */
  "destroyNamedChatbotSession": {
    method: "post";
    path: "/mpweixin/chatbot/session/destroy";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
    };
    answer: {
      "code": number;
      "message": string;
      "data": Record<never, never>;
    };
  };
  /** Ask the chatbot, and read its answer while it is made */
  "streamChatbotAnswer": {
    method: "post";
    path: "/mpweixin/chatbot/stream";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "sessionId": string;
      /** With `content`: name of the question. Without: of the reply to go on with. */
      "messageId"?: string;
      /** Absent: an answer that was begun is gone on with. */
      "content"?: string;
      /** yyyy/MM/dd HH:mm:ss in the zone of the daemon. */
      "timestamp"?: string;
      /** The last piece that came; a header Last-Event-ID says the same. */
      "seq"?: number;
    };
    answer: string;
  };
  /** This document */
  "openApi": {
    method: "get";
    path: "/openapi.json";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "openapi": string;
    } & Record<string, unknown>;
  };
  /** A login QR code, while it can be scanned */
  "qrPicture": {
    method: "get";
    path: "/qr/{file}";
    params: {
      "file": string;
    };
    query: Record<never, never>;
    body: never;
    answer: string;
  };
  /** Whether commands are accepted durably */
  "ready": {
    method: "get";
    path: "/ready";
    params: Record<never, never>;
    query: Record<never, never>;
    body: never;
    answer: {
      "status": "ready" | "not-ready";
      /** Why it is not ready. */
      "reasons": string[];
      /** What an operator should look at; it works all the same. */
      "warnings": string[];
      "parts": {
        "process": {
          "ok": boolean;
          "detail"?: string;
        };
        "database": {
          "ok": boolean;
          "detail"?: string;
          /** A transaction, until it was on disk. */
          "commitMs"?: number;
        };
        "config": {
          "ok": boolean;
          "detail"?: string;
        };
        /** Whether every account gets its access_token. */
        "wechat": {
          "ok": boolean;
          "detail"?: string;
        };
        /** Whether reports can be drawn: fonts and renderer. */
        "pictures": {
          "ok": boolean;
          "detail"?: string;
        };
        /** Whether its files and desks are there, and its model answers. */
        "chatbot": {
          "ok": boolean;
          "detail"?: string;
        };
        "bots": {
          "ok": boolean;
          "detail"?: string;
          "total": number;
          /** How many are in each state. */
          "states": Record<string, number>;
        };
      };
    };
  };
  /** The same as either of them, by the first character */
  "officialSendAlias": {
    method: "post";
    path: "/send";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "data": {
        /** Ours. Your name for it: within a day, the same name is done once. */
        "id"?: string | number;
        /** text, image, voice, video, shortvideo, location, link, miniprogrampage, event; any other with a `msg.content` is delivered as text. */
        "msg_type"?: string | number | null;
        /** Who gets it. */
        "contact_id"?: string | number;
        /** Ours. Who get it, instead of contact_id: all or none, one message. */
        "contact_ids"?: (string | number)[];
        /** Ours. Who says it: contact_id of the frame that is delivered. */
        "from_id"?: string | number | "";
        /** Handed through. */
        "name"?: string | number | null;
        /** Handed through. */
        "avatar"?: string | number | null;
        /** Handed through. */
        "company_id"?: string | number | null;
        /** `content` of a text, `media_path` of an image, a voice, a video. */
        "msg": Record<string, unknown>;
      };
      "result"?: {
        /** Counts without a msg_type. */
        "code"?: number | string;
      } & Record<string, unknown>;
    };
    answer: {
      "data": {
        /** Of the frame that is delivered. */
        "id": string;
        /** With contact_ids: how many get it. */
        "count"?: number;
      };
      "result": {
        "code": 100;
        "message": string;
      };
    };
  };
  /** The simulated phone */
  "simulatorView": {
    method: "get";
    path: "/simulator/{botcode}";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: Record<string, unknown>;
  };
  /** Confirm the login on the phone */
  "simulatorConfirm": {
    method: "post";
    path: "/simulator/{botcode}/confirm";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: Record<string, unknown>;
  };
  /** Friends of the account */
  "simulatorContacts": {
    method: "get";
    path: "/simulator/{botcode}/contacts";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "contacts": {
        "id": string;
        "name": string;
      }[];
    };
  };
  /** Make a friend */
  "simulatorAddContact": {
    method: "post";
    path: "/simulator/{botcode}/contacts";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      "name": string;
    };
    answer: {
      "id": string;
      "name": string;
    };
  };
  /** Everything said privately, in order */
  "simulatorContactMessages": {
    method: "get";
    path: "/simulator/{botcode}/contacts/{id}/messages";
    params: {
      "botcode": string;
      "id": string;
    };
    query: {
      "after"?: string;
      "limit"?: number;
    };
    body: never;
    answer: {
      "messages": ({
        "id": string;
        "from": string;
        "kind": string;
        /** Epoch milliseconds. */
        "at": number;
      } & Record<string, unknown>)[];
    };
  };
  /** A friend speaks */
  "simulatorSayPrivately": {
    method: "post";
    path: "/simulator/{botcode}/contacts/{id}/say";
    params: {
      "botcode": string;
      "id": string;
    };
    query: Record<never, never>;
    body: {
      "text": string;
    };
    answer: {
      "id": string;
      "from": string;
      "kind": string;
      /** Epoch milliseconds. */
      "at": number;
    } & Record<string, unknown>;
  };
  /** Faults that are ordered */
  "simulatorFaults": {
    method: "get";
    path: "/simulator/{botcode}/faults";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "faults": Record<string, unknown>[];
    };
  };
  /** Order a fault: delay, hang, error, lost answer, duplicate, stream death … */
  "simulatorAddFault": {
    method: "post";
    path: "/simulator/{botcode}/faults";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      /** lost-answer, lostAnswer and "lost answer" are one. */
      "kind": "delay" | "hang" | "error" | "rate" | "lost-answer" | "drop" | "duplicate" | "stream-death" | "silence" | "other-account";
      "on"?: "text" | "image" | "card" | "file" | "rooms" | "room" | "contacts" | "start" | "stop" | "ping" | "logout" | "ready" | "echo" | "message" | "send" | "look-up" | "any";
      "times"?: number | "always";
      "ms"?: number;
      "fault"?: "offline" | "refused" | "rate" | "absent" | "unsupported" | "unknown";
      /** Only this room or contact, by id. */
      "chat"?: string;
    };
    answer: Record<string, unknown>;
  };
  /** Take them back */
  "simulatorClearFaults": {
    method: "delete";
    path: "/simulator/{botcode}/faults";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "faults": Record<string, unknown>[];
    };
  };
  /** WeChat ends the session */
  "simulatorKick": {
    method: "post";
    path: "/simulator/{botcode}/kick";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      "reason"?: string;
    };
    answer: Record<string, unknown>;
  };
  /** Every room */
  "simulatorRooms": {
    method: "get";
    path: "/simulator/{botcode}/rooms";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "rooms": ({
        "id": string;
        "topic": string;
        "members": {
          "id": string;
          "name": string;
        }[];
      } & Record<string, unknown>)[];
    };
  };
  /** Make a room */
  "simulatorAddRoom": {
    method: "post";
    path: "/simulator/{botcode}/rooms";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      /** Rooms may share a topic; it may be empty. */
      "topic": string;
      /** Names or ids; a name given twice is two people. */
      "members"?: string[];
      /** The bot is not told, as when an event gets lost. */
      "silent"?: boolean;
    };
    answer: {
      "id": string;
      "topic": string;
      "members": {
        "id": string;
        "name": string;
      }[];
    } & Record<string, unknown>;
  };
  /** One room */
  "simulatorRoom": {
    method: "get";
    path: "/simulator/{botcode}/rooms/{id}";
    params: {
      "botcode": string;
      "id": string;
    };
    query: Record<never, never>;
    body: never;
    answer: {
      "id": string;
      "topic": string;
      "members": {
        "id": string;
        "name": string;
      }[];
    } & Record<string, unknown>;
  };
  /** Rename it, let members come and go */
  "simulatorChangeRoom": {
    method: "patch";
    path: "/simulator/{botcode}/rooms/{id}";
    params: {
      "botcode": string;
      "id": string;
    };
    query: Record<never, never>;
    body: {
      "topic"?: string;
      /** Names or ids; the account itself comes back. */
      "add"?: string[];
      /** Names or ids; the account itself: it is thrown out. */
      "remove"?: string[];
      /** The bot is not told, as when an event gets lost. */
      "silent"?: boolean;
    };
    answer: {
      "id": string;
      "topic": string;
      "members": {
        "id": string;
        "name": string;
      }[];
    } & Record<string, unknown>;
  };
  /** Everything the room has seen, in order */
  "simulatorRoomMessages": {
    method: "get";
    path: "/simulator/{botcode}/rooms/{id}/messages";
    params: {
      "botcode": string;
      "id": string;
    };
    query: {
      "after"?: string;
      "limit"?: number;
    };
    body: never;
    answer: {
      "messages": ({
        "id": string;
        "from": string;
        "kind": string;
        /** Epoch milliseconds. */
        "at": number;
      } & Record<string, unknown>)[];
    };
  };
  /** A member speaks */
  "simulatorSay": {
    method: "post";
    path: "/simulator/{botcode}/rooms/{id}/say";
    params: {
      "botcode": string;
      "id": string;
    };
    query: Record<never, never>;
    body: {
      /** Name or id of a member. */
      "from": string;
      "text": string;
      /** Mentions the bot. */
      "at"?: boolean;
    };
    answer: {
      "id": string;
      "from": string;
      "kind": string;
      /** Epoch milliseconds. */
      "at": number;
    } & Record<string, unknown>;
  };
  /** Scan the QR code */
  "simulatorScan": {
    method: "post";
    path: "/simulator/{botcode}/scan";
    params: {
      "botcode": string;
    };
    query: Record<never, never>;
    body: {
      /** Name of the WeChat account that scans; default: its own. */
      "account"?: string;
    };
    answer: Record<string, unknown>;
  };
  /** Whom the caller talks to at a desk: the same seller each time */
  "findSupporter": {
    method: "get";
    path: "/supporters";
    params: Record<never, never>;
    query: {
      "store_id"?: number | string;
      "store"?: number | string;
    };
    body: never;
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "seller_id": number;
        "name": string;
        "avatar": string;
        "status": "online" | "offline";
      };
    };
  };
  /** A seller's own status at a desk */
  "setSupporter": {
    method: "patch";
    path: "/supporters";
    params: Record<never, never>;
    query: Record<never, never>;
    body: {
      "store_id": number | string;
      "status": "online" | "offline";
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Settings of a user: each that is there */
  "setUser": {
    method: "post";
    path: "/users/{uid}";
    params: {
      "uid": string;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      /** May not speak in chat rooms. */
      "forbidden"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      /** No push about what this user says. */
      "do_not_disturb"?: {
        "peer_uid": number | string;
        "on": boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      };
      /** The phone is silent while a desktop is online. */
      "mute"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
  /** Settings of a user: each that is there */
  "changeUser": {
    method: "patch";
    path: "/users/{uid}";
    params: {
      "uid": string;
    };
    query: Record<never, never>;
    body: {
      "name"?: string;
      /** May not speak in chat rooms. */
      "forbidden"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      /** No push about what this user says. */
      "do_not_disturb"?: {
        "peer_uid": number | string;
        "on": boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
      };
      /** The phone is silent while a desktop is online. */
      "mute"?: boolean | 0 | 1 | "0" | "1" | "true" | "false" | "on" | "off" | "开" | "关";
    };
    answer: {
      "meta": {
        "code": number;
        "message": string;
        /** What was expected, where the message is the document’s own. */
        "hint"?: string;
      };
      "data": {
        "success": true;
      };
      "success": true;
    };
  };
}

export interface Paths {
  "/api/botQueue": {
    post: Operations["botQueue"];
    get: Operations["botQueueByGet"];
  };
  "/api/botStatus": {
    post: Operations["botStatus"];
    get: Operations["botStatusByGet"];
  };
  "/api/contactSendText": {
    post: Operations["contactSendText"];
    get: Operations["contactSendTextByGet"];
  };
  "/api/imbot/audio": {
    post: Operations["uploadImbotAudio"];
  };
  "/api/imbot/audio/{name}": {
    get: Operations["readImbotAudio"];
  };
  "/api/imbot/form_id": {
    post: Operations["addImbotForm"];
    delete: Operations["removeImbotForms"];
  };
  "/api/imbot/image": {
    post: Operations["uploadImbotImage"];
  };
  "/api/imbot/image/{name}": {
    get: Operations["readImbotImage"];
  };
  "/api/imbot/msg": {
    post: Operations["sendImbotMessage"];
    get: Operations["listImbotMessages"];
  };
  "/api/imbot/openid": {
    get: Operations["getImbotOpenId"];
  };
  "/api/imbot/pending_count": {
    get: Operations["countImbotMessages"];
  };
  "/api/imbot/pending_count_list": {
    get: Operations["listImbotCounts"];
  };
  "/api/imbot/pending_msgs": {
    get: Operations["takeImbotMessages"];
  };
  "/api/imbot/template_msg": {
    post: Operations["sendImbotTemplate"];
  };
  "/api/imbot/user": {
    post: Operations["putImbotUser"];
    get: Operations["getImbotUser"];
  };
  "/api/imbot/users": {
    get: Operations["listImbotUsers"];
  };
  "/api/imbot/video": {
    post: Operations["uploadImbotVideo"];
  };
  "/api/imbot/video/{name}": {
    get: Operations["readImbotVideo"];
  };
  "/api/imbot/wechat/customer": {
    get: Operations["verifyWechatCustomer"];
    post: Operations["pushWechatCustomer"];
  };
  "/api/login": {
    post: Operations["login"];
    get: Operations["loginByGet"];
  };
  "/api/logout": {
    post: Operations["logout"];
    get: Operations["logoutByGet"];
  };
  "/api/macLogin": {
    post: Operations["macLogin"];
    get: Operations["macLoginByGet"];
  };
  "/api/msgCancel": {
    post: Operations["msgCancel"];
    get: Operations["msgCancelByGet"];
  };
  "/api/msgStatus": {
    post: Operations["msgStatus"];
    get: Operations["msgStatusByGet"];
  };
  "/api/roomList": {
    post: Operations["roomList"];
    get: Operations["roomListByGet"];
  };
  "/api/roomSendApp": {
    post: Operations["roomSendApp"];
    get: Operations["roomSendAppByGet"];
  };
  "/api/roomSendImage": {
    post: Operations["roomSendImage"];
    get: Operations["roomSendImageByGet"];
  };
  "/api/roomSendImg": {
    post: Operations["roomSendImg"];
    get: Operations["roomSendImgByGet"];
  };
  "/api/roomSendText": {
    post: Operations["roomSendText"];
    get: Operations["roomSendTextByGet"];
  };
  "/api/v1/alarms": {
    get: Operations["listAlarms"];
  };
  "/api/v1/alarms/lanes": {
    get: Operations["listLanes"];
  };
  "/api/v1/alarms/lanes/{name}/test": {
    post: Operations["testLane"];
  };
  "/api/v1/alarms/silences": {
    get: Operations["listSilences"];
    post: Operations["addSilence"];
  };
  "/api/v1/alarms/silences/{id}": {
    delete: Operations["removeSilence"];
  };
  "/api/v1/alarms/{id}": {
    get: Operations["getAlarm"];
  };
  "/api/v1/alarms/{id}/ack": {
    post: Operations["ackAlarm"];
  };
  "/api/v1/audit": {
    get: Operations["listAudit"];
  };
  "/api/v1/backups": {
    post: Operations["createBackup"];
    get: Operations["listBackups"];
  };
  "/api/v1/backups/drill": {
    post: Operations["drillBackup"];
  };
  "/api/v1/backups/runs": {
    get: Operations["listBackupRuns"];
  };
  "/api/v1/bots": {
    get: Operations["listBots"];
    post: Operations["addBot"];
  };
  "/api/v1/bots/{botcode}": {
    get: Operations["getBot"];
    patch: Operations["changeBot"];
    delete: Operations["removeBot"];
  };
  "/api/v1/bots/{botcode}/accept-account": {
    post: Operations["acceptAccountBot"];
  };
  "/api/v1/bots/{botcode}/contacts": {
    get: Operations["listContacts"];
  };
  "/api/v1/bots/{botcode}/held": {
    post: Operations["decideHeldSends"];
  };
  "/api/v1/bots/{botcode}/history": {
    get: Operations["botHistory"];
  };
  "/api/v1/bots/{botcode}/login": {
    post: Operations["loginBot"];
  };
  "/api/v1/bots/{botcode}/logout": {
    post: Operations["logoutBot"];
  };
  "/api/v1/bots/{botcode}/qr": {
    get: Operations["getQr"];
  };
  "/api/v1/bots/{botcode}/qr/share": {
    post: Operations["shareQr"];
  };
  "/api/v1/bots/{botcode}/queue": {
    get: Operations["getQueue"];
  };
  "/api/v1/bots/{botcode}/reject-account": {
    post: Operations["rejectAccountBot"];
  };
  "/api/v1/bots/{botcode}/release": {
    post: Operations["releaseBot"];
  };
  "/api/v1/bots/{botcode}/rooms": {
    get: Operations["listRooms"];
  };
  "/api/v1/bots/{botcode}/rooms/{roomId}": {
    get: Operations["getRoom"];
  };
  "/api/v1/channels": {
    get: Operations["listChannels"];
    post: Operations["addChannel"];
  };
  "/api/v1/channels/{chid}": {
    get: Operations["getChannel"];
    patch: Operations["changeChannel"];
    delete: Operations["removeChannel"];
  };
  "/api/v1/channels/{chid}/discard": {
    post: Operations["discardEvents"];
  };
  "/api/v1/channels/{chid}/events/{eventId}": {
    get: Operations["getDelivery"];
  };
  "/api/v1/channels/{chid}/pause": {
    post: Operations["pauseChannel"];
  };
  "/api/v1/channels/{chid}/ping": {
    post: Operations["pingChannel"];
  };
  "/api/v1/channels/{chid}/redrive": {
    post: Operations["redrive"];
  };
  "/api/v1/channels/{chid}/resume": {
    post: Operations["resumeChannel"];
  };
  "/api/v1/channels/{chid}/rotate": {
    post: Operations["rotateKey"];
  };
  "/api/v1/chatbot/ask": {
    post: Operations["askChatbot"];
  };
  "/api/v1/chatbot/chats": {
    get: Operations["listChats"];
  };
  "/api/v1/chatbot/chats/{id}": {
    get: Operations["getChat"];
  };
  "/api/v1/chatbot/chats/{id}/hand-back": {
    post: Operations["handBackChat"];
  };
  "/api/v1/chatbot/chats/{id}/turns": {
    get: Operations["listChatTurns"];
  };
  "/api/v1/chatbot/kb": {
    get: Operations["listKnowledgeBases"];
  };
  "/api/v1/chatbot/kb/entries": {
    get: Operations["listKbEntries"];
    post: Operations["addKbEntry"];
    delete: Operations["removeKbEntries"];
  };
  "/api/v1/chatbot/kb/entries/{id}": {
    get: Operations["getKbEntry"];
    patch: Operations["changeKbEntry"];
    delete: Operations["removeKbEntry"];
  };
  "/api/v1/chatbot/kb/entries/{id}/phrases": {
    post: Operations["addKbPhrase"];
  };
  "/api/v1/chatbot/kb/import": {
    post: Operations["importKnowledge"];
  };
  "/api/v1/chatbot/kb/test": {
    post: Operations["testKnowledge"];
  };
  "/api/v1/chatbot/model/test": {
    post: Operations["testChatbotModel"];
  };
  "/api/v1/chatbot/rooms": {
    get: Operations["listChatbotRooms"];
    put: Operations["setChatbotRoom"];
  };
  "/api/v1/chatbot/rules": {
    get: Operations["listRules"];
    post: Operations["addRule"];
  };
  "/api/v1/chatbot/rules/test": {
    post: Operations["testRules"];
  };
  "/api/v1/chatbot/rules/{id}": {
    get: Operations["getRule"];
    patch: Operations["changeRule"];
    delete: Operations["removeRule"];
  };
  "/api/v1/chatbot/unanswered": {
    get: Operations["listUnanswered"];
  };
  "/api/v1/chatbot/unanswered/{id}": {
    delete: Operations["dropUnanswered"];
  };
  "/api/v1/chatbot/unanswered/{id}/answer": {
    post: Operations["answerUnanswered"];
  };
  "/api/v1/config": {
    get: Operations["getConfig"];
  };
  "/api/v1/deliveries": {
    get: Operations["listDeliveries"];
  };
  "/api/v1/events": {
    get: Operations["readEvents"];
  };
  "/api/v1/events/stream": {
    get: Operations["streamEvents"];
  };
  "/api/v1/files": {
    post: Operations["uploadFile"];
  };
  "/api/v1/im/apps": {
    get: Operations["listImApps"];
    post: Operations["addImApp"];
  };
  "/api/v1/im/apps/{appid}": {
    get: Operations["getImApp"];
    patch: Operations["changeImApp"];
    delete: Operations["removeImApp"];
  };
  "/api/v1/im/apps/{appid}/app-key": {
    get: Operations["showImAppKey"];
  };
  "/api/v1/im/apps/{appid}/rotate": {
    post: Operations["rotateImSecret"];
  };
  "/api/v1/im/apps/{appid}/users/{uid}": {
    get: Operations["getImUser"];
    patch: Operations["changeImUser"];
  };
  "/api/v1/im/apps/{appid}/users/{uid}/connections": {
    delete: Operations["kickImUser"];
  };
  "/api/v1/im/apps/{appid}/users/{uid}/messages": {
    get: Operations["listImInbox"];
  };
  "/api/v1/im/apps/{appid}/users/{uid}/token": {
    post: Operations["grantImToken"];
    delete: Operations["revokeImToken"];
  };
  "/api/v1/im/connections": {
    get: Operations["listImConnections"];
  };
  "/api/v1/im/connections/{id}": {
    delete: Operations["kickImConnection"];
  };
  "/api/v1/im/conversations": {
    get: Operations["listConversations"];
  };
  "/api/v1/im/conversations/{id}": {
    get: Operations["getConversation"];
    patch: Operations["updateConversation"];
  };
  "/api/v1/im/conversations/{id}/messages": {
    get: Operations["listConversationMessages"];
    post: Operations["answerConversation"];
  };
  "/api/v1/im/desks": {
    get: Operations["listImDesks"];
    post: Operations["addImDesk"];
  };
  "/api/v1/im/desks/{storeId}": {
    get: Operations["getImDesk"];
    patch: Operations["changeImDesk"];
    delete: Operations["removeImDesk"];
  };
  "/api/v1/im/desks/{storeId}/sellers": {
    get: Operations["listImSellers"];
  };
  "/api/v1/im/desks/{storeId}/sellers/{uid}": {
    put: Operations["putImSeller"];
    delete: Operations["removeImSeller"];
  };
  "/api/v1/im/desks/{storeId}/sellers/{uid}/status": {
    put: Operations["setImSellerStatus"];
  };
  "/api/v1/im/groups": {
    get: Operations["listImGroups"];
  };
  "/api/v1/im/groups/{gid}": {
    get: Operations["getImGroup"];
    delete: Operations["disbandImGroup"];
  };
  "/api/v1/im/groups/{gid}/members": {
    get: Operations["listImMembers"];
  };
  "/api/v1/im/groups/{gid}/messages": {
    get: Operations["listImGroupMessages"];
  };
  "/api/v1/im/users": {
    get: Operations["listImUsers"];
  };
  "/api/v1/imbot/queue": {
    get: Operations["lookIntoImbotQueue"];
  };
  "/api/v1/imbot/queues": {
    get: Operations["listImbotQueues"];
  };
  "/api/v1/imbot/users": {
    get: Operations["findImbotUsers"];
  };
  "/api/v1/log-level": {
    get: Operations["getLogLevel"];
    put: Operations["setLogLevel"];
  };
  "/api/v1/overview": {
    get: Operations["overview"];
  };
  "/api/v1/overview/minutes": {
    get: Operations["sendMinutes"];
  };
  "/api/v1/password": {
    post: Operations["changePassword"];
  };
  "/api/v1/profile": {
    get: Operations["getProfile"];
    patch: Operations["changeProfile"];
  };
  "/api/v1/profile/password": {
    post: Operations["changeOwnPassword"];
  };
  "/api/v1/profile/recovery-codes": {
    post: Operations["renewRecoveryCodes"];
  };
  "/api/v1/profile/sessions/end-others": {
    post: Operations["endOtherSessions"];
  };
  "/api/v1/profile/sessions/{id}": {
    delete: Operations["endOwnSession"];
  };
  "/api/v1/profile/totp": {
    post: Operations["offerTotp"];
  };
  "/api/v1/profile/totp/confirm": {
    post: Operations["confirmTotp"];
  };
  "/api/v1/profile/totp/remove": {
    post: Operations["removeOwnTotp"];
  };
  "/api/v1/reload": {
    post: Operations["reload"];
  };
  "/api/v1/report-examples": {
    get: Operations["listReportExamples"];
  };
  "/api/v1/report-examples/{name}/enable": {
    post: Operations["enableReportExample"];
  };
  "/api/v1/report-tools/dry-run": {
    post: Operations["dryRunDraft"];
  };
  "/api/v1/report-tools/next": {
    post: Operations["previewSlots"];
  };
  "/api/v1/report-tools/source": {
    post: Operations["testReportSource"];
  };
  "/api/v1/runs": {
    get: Operations["listRuns"];
  };
  "/api/v1/scheduled-sends": {
    post: Operations["scheduleSend"];
    get: Operations["listScheduledSends"];
  };
  "/api/v1/scheduled-sends/{id}": {
    get: Operations["getScheduledSend"];
  };
  "/api/v1/scheduled-sends/{id}/cancel": {
    post: Operations["cancelScheduledSend"];
  };
  "/api/v1/schedules": {
    get: Operations["listSchedules"];
    post: Operations["addSchedule"];
  };
  "/api/v1/schedules/{name}": {
    get: Operations["getSchedule"];
    patch: Operations["changeSchedule"];
    delete: Operations["removeSchedule"];
  };
  "/api/v1/schedules/{name}/backfill": {
    post: Operations["backfillSchedule"];
  };
  "/api/v1/schedules/{name}/dry-run": {
    post: Operations["dryRunSchedule"];
  };
  "/api/v1/schedules/{name}/next": {
    get: Operations["nextSlots"];
  };
  "/api/v1/schedules/{name}/pause": {
    post: Operations["pauseSchedule"];
  };
  "/api/v1/schedules/{name}/resume": {
    post: Operations["resumeSchedule"];
  };
  "/api/v1/schedules/{name}/run": {
    post: Operations["runSchedule"];
  };
  "/api/v1/schedules/{name}/runs": {
    get: Operations["listScheduleRuns"];
  };
  "/api/v1/schedules/{name}/runs/{slot}": {
    get: Operations["getRun"];
  };
  "/api/v1/sends": {
    get: Operations["listSends"];
    post: Operations["createSend"];
  };
  "/api/v1/sends/again": {
    post: Operations["sendAgain"];
  };
  "/api/v1/sends/discard": {
    post: Operations["discardSends"];
  };
  "/api/v1/sends/{msgid}": {
    get: Operations["getSend"];
  };
  "/api/v1/sends/{msgid}/cancel": {
    post: Operations["cancelSend"];
  };
  "/api/v1/sends/{msgid}/picture": {
    get: Operations["getSendPicture"];
  };
  "/api/v1/session": {
    post: Operations["openSession"];
    get: Operations["whoAmI"];
    delete: Operations["closeSession"];
  };
  "/api/v1/status": {
    get: Operations["status"];
  };
  "/api/v1/tokens": {
    get: Operations["listTokens"];
    post: Operations["createToken"];
  };
  "/api/v1/tokens/{id}": {
    delete: Operations["revokeToken"];
  };
  "/api/v1/trace": {
    get: Operations["trace"];
  };
  "/api/v1/users": {
    get: Operations["listOperators"];
    post: Operations["addOperator"];
  };
  "/api/v1/users/{id}": {
    get: Operations["getOperator"];
    patch: Operations["changeOperator"];
    delete: Operations["removeOperator"];
  };
  "/api/v1/users/{id}/password": {
    post: Operations["resetOperatorPassword"];
  };
  "/api/v1/users/{id}/sessions": {
    delete: Operations["endOperatorSessions"];
  };
  "/api/v1/users/{id}/totp": {
    delete: Operations["removeOperatorTotp"];
  };
  "/api/v1/users/{id}/unlock": {
    post: Operations["unlockOperator"];
  };
  "/api/v1/wechat/accounts": {
    get: Operations["listWechatAccounts"];
  };
  "/api/v1/wechat/accounts/{account}/users/{openId}": {
    get: Operations["getWechatUser"];
  };
  "/api/v1/wechat/outbox": {
    get: Operations["listWechatOutbox"];
  };
  "/api/v1/wechat/outbox/{id}": {
    get: Operations["getWechatOutbox"];
  };
  "/api/v1/wechat/outbox/{id}/resend": {
    post: Operations["resendWechatOutbox"];
  };
  "/api/v1/wechat/pushes": {
    get: Operations["listWechatPushes"];
  };
  "/api/v1/wechat/pushes/{id}": {
    get: Operations["getWechatPush"];
  };
  "/api/v1/wechat/pushes/{id}/replay": {
    post: Operations["replayWechatPush"];
  };
  "/api/webLogin": {
    post: Operations["webLogin"];
    get: Operations["webLoginByGet"];
  };
  "/audios": {
    post: Operations["uploadImAudio"];
  };
  "/audios/{name}": {
    get: Operations["readImAudio"];
  };
  "/auth/customer": {
    post: Operations["registerCustomer"];
  };
  "/auth/grant": {
    post: Operations["grantToken"];
  };
  "/client/groups": {
    post: Operations["createClientGroup"];
    get: Operations["listClientGroups"];
  };
  "/client/groups/{gid}": {
    get: Operations["readClientGroup"];
    patch: Operations["changeClientGroup"];
    delete: Operations["disbandClientGroup"];
  };
  "/client/groups/{gid}/members": {
    post: Operations["addClientMembers"];
    delete: Operations["removeClientMembers"];
  };
  "/client/groups/{gid}/members/{mid}": {
    delete: Operations["leaveClientGroup"];
    patch: Operations["setClientMember"];
  };
  "/customer/register": {
    post: Operations["registerCustomerByAppKey"];
  };
  "/device/bind": {
    post: Operations["bindDevice"];
  };
  "/device/unbind": {
    post: Operations["unbindDevice"];
  };
  "/file/{name}": {
    get: Operations["readFile"];
  };
  "/files": {
    post: Operations["uploadImFile"];
  };
  "/files/{name}": {
    get: Operations["readImFile"];
  };
  "/groups": {
    post: Operations["createGroup"];
  };
  "/groups/{gid}": {
    patch: Operations["renameGroup"];
    delete: Operations["disbandGroup"];
  };
  "/groups/{gid}/members": {
    post: Operations["addMembers"];
    delete: Operations["removeMembers"];
  };
  "/groups/{gid}/members/{mid}": {
    delete: Operations["leaveGroup"];
    patch: Operations["setMember"];
  };
  "/groups/{gid}/upgrade": {
    post: Operations["upgradeGroup"];
  };
  "/im_component/wx_official_account/push/{appid}": {
    get: Operations["verifyWechatAccount"];
    post: Operations["pushWechatAccount"];
  };
  "/im_component/wx_official_account/send": {
    post: Operations["officialSend"];
  };
  "/im_component/wx_official_account/send_xml": {
    post: Operations["officialSendXml"];
  };
  "/images": {
    post: Operations["uploadImImage"];
  };
  "/images/{name}": {
    get: Operations["readImImage"];
  };
  "/live": {
    get: Operations["live"];
  };
  "/mcp": {
    post: Operations["mcp"];
  };
  "/messages": {
    get: Operations["readHistory"];
  };
  "/messages/dequeue": {
    post: Operations["dequeueMessages"];
  };
  "/messages/groups": {
    post: Operations["sendGroupMessage"];
  };
  "/messages/groups/notifications": {
    post: Operations["sendGroupNotification"];
  };
  "/messages/notifications": {
    post: Operations["sendNotification"];
  };
  "/messages/offline": {
    get: Operations["countOffline"];
  };
  "/messages/peers": {
    post: Operations["sendPeerMessage"];
  };
  "/messages/rooms": {
    post: Operations["sendRoomMessage"];
  };
  "/messages/systems": {
    post: Operations["sendSystemMessage"];
  };
  "/metrics": {
    get: Operations["metrics"];
  };
  "/mpweixin/chatbot/destroy": {
    post: Operations["destroyChatbotSession"];
  };
  "/mpweixin/chatbot/message/appraise": {
    post: Operations["appraiseChatbotMessage"];
  };
  "/mpweixin/chatbot/message/cancel": {
    post: Operations["cancelChatbotMessage"];
  };
  "/mpweixin/chatbot/message/receive": {
    get: Operations["receiveNamedChatbotMessage"];
  };
  "/mpweixin/chatbot/message/send": {
    post: Operations["sendNamedChatbotMessage"];
  };
  "/mpweixin/chatbot/receive": {
    get: Operations["receiveChatbotMessage"];
  };
  "/mpweixin/chatbot/send": {
    post: Operations["sendChatbotMessage"];
  };
  "/mpweixin/chatbot/session/destroy": {
    post: Operations["destroyNamedChatbotSession"];
  };
  "/mpweixin/chatbot/stream": {
    post: Operations["streamChatbotAnswer"];
  };
  "/openapi.json": {
    get: Operations["openApi"];
  };
  "/qr/{file}": {
    get: Operations["qrPicture"];
  };
  "/ready": {
    get: Operations["ready"];
  };
  "/send": {
    post: Operations["officialSendAlias"];
  };
  "/simulator/{botcode}": {
    get: Operations["simulatorView"];
  };
  "/simulator/{botcode}/confirm": {
    post: Operations["simulatorConfirm"];
  };
  "/simulator/{botcode}/contacts": {
    get: Operations["simulatorContacts"];
    post: Operations["simulatorAddContact"];
  };
  "/simulator/{botcode}/contacts/{id}/messages": {
    get: Operations["simulatorContactMessages"];
  };
  "/simulator/{botcode}/contacts/{id}/say": {
    post: Operations["simulatorSayPrivately"];
  };
  "/simulator/{botcode}/faults": {
    get: Operations["simulatorFaults"];
    post: Operations["simulatorAddFault"];
    delete: Operations["simulatorClearFaults"];
  };
  "/simulator/{botcode}/kick": {
    post: Operations["simulatorKick"];
  };
  "/simulator/{botcode}/rooms": {
    get: Operations["simulatorRooms"];
    post: Operations["simulatorAddRoom"];
  };
  "/simulator/{botcode}/rooms/{id}": {
    get: Operations["simulatorRoom"];
    patch: Operations["simulatorChangeRoom"];
  };
  "/simulator/{botcode}/rooms/{id}/messages": {
    get: Operations["simulatorRoomMessages"];
  };
  "/simulator/{botcode}/rooms/{id}/say": {
    post: Operations["simulatorSay"];
  };
  "/simulator/{botcode}/scan": {
    post: Operations["simulatorScan"];
  };
  "/supporters": {
    get: Operations["findSupporter"];
    patch: Operations["setSupporter"];
  };
  "/users/{uid}": {
    post: Operations["setUser"];
    patch: Operations["changeUser"];
  };
}
