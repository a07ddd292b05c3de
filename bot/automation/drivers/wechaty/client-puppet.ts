import { FileBox, type FileBoxInterface, FileBoxType } from 'file-box';
import { type grpc, puppet as pb } from 'wechaty-grpc';
import { log, Puppet } from 'wechaty-puppet';
import { PuppetService } from 'wechaty-puppet-service';
import type { SendFile } from '../../driver.ts';
import { type GrpcManager, type StreamEnd, tuneLink } from './grpc-link.ts';
import { NotHandedOver } from './puppet-errors.ts';

export type { payloads } from 'wechaty-puppet';

export interface ClientPuppetOptions {
  token: string;
  /** `host:port`, always resolved by us. */
  endpoint: string;
  tls: { disable: boolean; caCert?: string | undefined; serverName?: string | undefined };
}

/** Below this a file travels inside the call; above it is uploaded first. */
const inlineBytes = 15 * 1024;

/**
 * The library's gRPC client without what makes it unfit for a daemon: no disk store (locks that end
 * the process, topics that are never refreshed), no idle reset, one call per file, a way to leave
 * that keeps the account logged in, and a log-out that only goes out when we ask for it.
 */
export class ClientPuppet extends PuppetService {
  /** The event stream is over; told once. */
  onStreamEnd: (end: StreamEnd) => void = () => {};
  /** Why a start fails, seconds before the library is done with cleaning up and rejects. */
  onStartFailed: (error: unknown) => void = () => {};
  #detaching = false;

  constructor({ token, endpoint, tls }: ClientPuppetOptions) {
    // It prints tokens; what matters is told by events and rejections.
    log.level('silent');
    super({
      token,
      endpoint,
      // Option wins over environment, so every one of them is given.
      tls: {
        disable: tls.disable,
        ...(tls.caCert === undefined ? {} : { caCert: tls.caCert }),
        ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
      },
      timeoutSeconds: 3600,
      // Look-ups go past these caches: they would keep a topic for ten days.
      cache: { contact: 8, message: 8, post: 8, room: 8, roomInvitation: 8, roomMember: 8 },
    });
    this.on('error', () => {});
  }

  // The base constructor calls this before fields of ours exist: it must stay empty.
  protected override hookPayloadStore(): void {}

  protected override bridgeGrpcEventStream(manager: GrpcManager): void {
    super.bridgeGrpcEventStream(manager);
    tuneLink(manager, {
      onEnd: (end) => this.onStreamEnd(end),
      isLoggedIn: () => this.isLoggedIn,
    });
  }

  override async onStart(): Promise<void> {
    try {
      await super.onStart();
    } catch (error) {
      this.onStartFailed(error);
      throw error;
    }
  }

  /** The watchdog may bark, but it restarts nothing: it would log the account out. */
  override async reset(): Promise<void> {}

  /** The server repeats its login; another account on the same stream is one, too. */
  override login(userId: string): void {
    if (this.isLoggedIn) {
      if (this.currentUserId === userId) return;
      this.__currentUserId = undefined as unknown as string;
    }
    super.login(userId);
  }

  /** News of a log-out; the library would answer it by logging the server out again. */
  override async logout(reason?: string): Promise<void> {
    await Puppet.prototype.logout.call(this, reason);
  }

  /** Logs the account out of WeChat. */
  async logoutAccount(): Promise<void> {
    const { client } = this.grpcManager;
    await unary<pb.LogoutResponse>((done) => client.logout(new pb.LogoutRequest(), done));
  }

  /** Stops the puppet behind the server, which also frees a taken event stream. */
  async stopServer(): Promise<void> {
    const { client } = this.grpcManager;
    await unary<pb.StopResponse>((done) => client.stop(new pb.StopRequest(), done));
  }

  /** Asks for a `dong`; rejects when the question itself cannot be put. */
  async askDong(data: string): Promise<void> {
    const { client } = this.grpcManager;
    const request = new pb.DingRequest();
    request.setData(data);
    await unary<pb.DingResponse>((done) => client.ding(request, done));
  }

  /** Makes the server forget a cached payload. */
  async forget(type: pb.PayloadTypeMap[keyof pb.PayloadTypeMap], id: string): Promise<void> {
    const { client } = this.grpcManager;
    const request = new pb.DirtyPayloadRequest();
    request.setType(type);
    request.setId(id);
    await unary<pb.DirtyPayloadResponse>((done) => client.dirtyPayload(request, done));
  }

  override async dirtyPayload(type: Parameters<Puppet['dirtyPayload']>[0], id: string) {
    try {
      await super.dirtyPayload(type, id);
    } catch (error) {
      this.emit('error', error);
    }
  }

  /** Packs a file (and uploads it when it is large), then sends it with one call. */
  async sendBytes(
    conversationId: string,
    file: SendFile,
    handOver: () => void,
  ): Promise<string | undefined> {
    const packed = await this.#pack(FileBox.fromBuffer(Buffer.from(file.bytes), file.name));
    handOver();
    return this.#sendPacked(conversationId, packed);
  }

  /** One call, never a second one: the library would send again on any error. */
  override async messageSendFile(id: string, file: FileBoxInterface): Promise<string | undefined> {
    return this.#sendPacked(id, await this.#pack(file));
  }

  async #sendPacked(conversationId: string, packed: string): Promise<string | undefined> {
    const request = new pb.MessageSendFileRequest();
    request.setConversationId(conversationId);
    request.setFileBox(packed);
    const { client } = this.grpcManager;
    const response = await unary<pb.MessageSendFileResponse>((done) =>
      client.messageSendFile(request, done),
    );
    const id = response.getId() || response.getIdStringValueDeprecated()?.getValue();
    return id === '' ? undefined : id;
  }

  /** Leaves: the server's puppet goes on and stays logged in. At once, and never fails. */
  detach(): void {
    if (this.#detaching) return;
    this.#detaching = true;
    this.onStreamEnd = () => {};
    this.#cut();
    this.stop().catch(() => {});
  }

  /** Never the library's stop: after a failed start it would stop the server under others. */
  override async onStop(): Promise<void> {
    this.#cut();
  }

  #cut(): void {
    const manager = this._grpcManager;
    if (manager === undefined) return;
    this._grpcManager = undefined as unknown as GrpcManager;
    manager.removeAllListeners();
    manager.on('error', () => {});
    // Without the cancel the server keeps the stream's only place taken.
    manager.eventStream?.on('error', () => {});
    manager.eventStream?.cancel();
    try {
      manager.client.close();
    } catch {
      // It never had a client.
    }
  }

  async #pack(file: FileBoxInterface): Promise<string> {
    try {
      // A small Buffer cannot be written as JSON, which the library takes for a reason to resend.
      const small = file.type === FileBoxType.Buffer && file.size <= inlineBytes;
      const box = small ? FileBox.fromBase64(await file.toBase64(), file.name) : file;
      return await this.serializeFileBox(box);
    } catch (error) {
      throw new NotHandedOver(
        `the file could not be uploaded: ${error instanceof Error ? error.message : error}`,
        { cause: error },
      );
    }
  }
}

function unary<Response>(
  call: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}
