import { addresses } from './addresses.ts';
import { ProblemError } from './errors.ts';
import type { Http } from './http.ts';
import { md5 } from './md5.ts';
import {
  type Answer,
  type AnyGiven,
  type Arguments,
  bodyOf,
  OperationCalls,
  problemOf,
} from './operations.ts';
import type { Operations } from './types.ts';

type Id = keyof Operations;
type Data<A> = A extends { data: infer D } ? D : never;
/** Operations of the GoBelieve family: those with its envelope. */
export type ImOperationId = {
  [I in Id]: Answer<I> extends { meta: { code: number } } ? I : never;
}[Id];

export interface ImServerOptions {
  http: Http;
  url: string;
  appid: number;
  /** Stays on your server: whoever has it may speak as anybody. */
  secret: string;
}

/** What a server of an application says over GoBelieve's REST API. */
export class ImServer {
  readonly #calls: OperationCalls;

  constructor(options: ImServerOptions) {
    const credential = `${options.appid}:${md5(new TextEncoder().encode(options.secret))}`;
    const authorization = `Basic ${btoa(credential)}`;
    this.#calls = new OperationCalls({ ...options, headers: () => ({ authorization }) });
  }

  /** Any operation; answers `data`. @throws ProblemError */
  async call<I extends ImOperationId>(id: I, ...rest: Arguments<I>): Promise<Data<Answer<I>>> {
    const [given = {}, options] = rest;
    const answer = await this.#calls.ask(addresses[id], given as AnyGiven, options);
    const body = answer.text.startsWith('{') ? (bodyOf(answer) as Envelope) : undefined;
    if (answer.status !== 200 || body?.meta.code !== 200) {
      if (body?.meta === undefined) throw problemOf(answer);
      throw new ProblemError(answer.status, { detail: body.meta.message });
    }
    return body.data as Data<Answer<I>>;
  }

  /** The user's token for the client protocol: the same each time. */
  async grant(uid: number, name?: string): Promise<string> {
    const body = { uid, ...(name !== undefined && { user_name: name }) };
    return (await this.call('grantToken', { body }, { retry: true })).token;
  }

  /** Says something as one user to another. `content`: the text, or what your clients understand. */
  async sayToUser(sender: number, receiver: number, content: string | object): Promise<void> {
    await this.call('sendPeerMessage', { body: { sender, receiver, content: textOf(content) } });
  }

  async sayToGroup(sender: number, group: number, content: string | object): Promise<void> {
    const body = { sender, receiver: group, content: textOf(content) };
    await this.call('sendGroupMessage', { body });
  }

  /** @returns the number of the group */
  async createGroup(master: number, name: string, members: readonly number[]): Promise<number> {
    return (await this.call('createGroup', { body: { master, name, members: [...members] } }))
      .group_id;
  }
}

interface Envelope {
  meta: { code: number; message: string };
  data?: unknown;
}

function textOf(content: string | object): string {
  return JSON.stringify(typeof content === 'string' ? { text: content } : content);
}
