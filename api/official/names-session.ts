import { ownApps, type User } from '../../bot/im/message.ts';

/** What is the same for all sessions of people known by a text: they are in no group and no chat room. */
export abstract class NamesSession {
  abstract readonly uid: number;

  get appid(): number {
    return ownApps.names;
  }

  get user(): User {
    return { appid: ownApps.names, uid: this.uid };
  }

  get platform(): number {
    return 0;
  }

  get transport(): 'websocket' {
    return 'websocket';
  }

  chatRoom(): void {}

  realtime(): void {}

  notification(): void {}
}
