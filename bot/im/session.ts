import type { Placed } from './message.ts';

/** certain: an agent by the config; possible: anybody, who is taken for an agent unless he asks himself. */
export type SessionDuty = 'certain' | 'possible';

/**
 * A connection of a user who has logged in, as the core sees it; the edge spells it. Nothing leaves
 * before `flush`, which the hub calls once for all that became durable together.
 */
export interface Session {
  /** Unique in this life of the daemon. */
  readonly id: number;
  readonly appid: number;
  readonly uid: number;
  /** Of who is known by a text. */
  readonly name?: string;
  /** Of who is known by a text: whether he may answer where no desk has sellers; absent: he may not. */
  readonly duty?: SessionDuty | undefined;
  /** 0: a web session. */
  readonly device: number;
  /** 1 iOS, 2 Android, 3 web, 4 desktop or server, 5 mac. */
  readonly platform: number;
  /** Epoch ms of the login. */
  readonly since: number;
  readonly transport: 'tcp' | 'websocket';
  readonly address: string;
  /**
   * A new message in the user's inbox. `push`: with its content, for those who hold everything up
   * to the one before; else only word that the inbox has grown.
   */
  inbox(placed: Placed, push: boolean): void;
  /** The same in the inbox of a super group. */
  group(gid: number, placed: Placed, push: boolean): void;
  /** Not stored: said in the chat room. */
  chatRoom(sender: number, room: number, content: Buffer): void;
  /** Not stored: from user to user, to those online. */
  realtime(sender: number, receiver: number, content: Buffer): void;
  /** Not stored: from the application to those online. */
  notification(content: Buffer): void;
  /** Writes what has gathered. */
  flush(): void;
  /** Ends the connection; the reason goes to the log and, where the transport has a place, to the client. */
  close(reason: string): void;
}
