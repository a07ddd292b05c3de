import { grpc, puppet as pb } from 'wechaty-grpc';
import type { PuppetService } from 'wechaty-puppet-service';
import { RealClock } from '../../../clock.ts';

/** The puppet library's connection; its class is not exported. */
export type GrpcManager = PuppetService['grpcManager'];

export interface StreamEnd {
  code: number | undefined;
  error: Error | undefined;
}

/** How long a server may take to greet. Those that never do are proven by a ding instead. */
const greetingMs = 5000;
const loginMs = 15;

/** Real-time limit of calls in ms, by the beginning of their names. */
const limits: [RegExp, number][] = [
  [/^MessageSend/, 15_000],
  [/^Ding/, 5000],
  [/^Start/, 20_000],
  [/^(?:Stop|Logout)/, 10_000],
  [/^(?:Upload|Download)/, 30_000],
];
const otherLimit = 30_000;

/**
 * Makes a connection of the library fit for a daemon: calls have deadlines, the event stream tells
 * at once why it failed and loses no event, and connections are not shared or kept in back-off over
 * lives.
 */
export function tuneLink(manager: GrpcManager, hooks: LinkHooks): void {
  Object.assign(manager, {
    start: async () => {
      Object.assign(manager, { _client: newClient(manager) });
      await openStream(manager, hooks.onEnd);
      await startServer(manager, hooks.isLoggedIn);
    },
  });
}

export interface LinkHooks {
  onEnd: (end: StreamEnd) => void;
  isLoggedIn: () => boolean;
}

/** A logged-in puppet is running: starting it again would only leak listeners on the server. */
async function startServer(manager: GrpcManager, isLoggedIn: () => boolean): Promise<void> {
  // The server tells of a login right behind its greeting.
  for (let waited = 0; waited < loginMs && !isLoggedIn(); waited += 5) {
    await new RealClock().sleep(5);
  }
  if (isLoggedIn()) return;
  const { client } = manager;
  await new Promise<void>((resolve, reject) => {
    client.start(new pb.StartRequest(), (error: grpc.ServiceError | null) =>
      error === null ? resolve() : reject(error),
    );
  });
}

function newClient(manager: GrpcManager): pb.PuppetClient {
  return new pb.PuppetClient(manager.endpoint, credentialsOf(manager), {
    'grpc.ssl_target_name_override': manager.serverName,
    // How servers without TLS get the token, and how gateways route.
    'grpc.default_authority': manager.token.token,
    'grpc.max_receive_message_length': 64 * 1_048_576,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
    interceptors: [limitCall],
  });
}

function credentialsOf(manager: GrpcManager): grpc.ChannelCredentials {
  if (manager.disableTls) return grpc.credentials.createInsecure();
  const token = grpc.credentials.createFromMetadataGenerator((_params, done) => {
    const metadata = new grpc.Metadata();
    metadata.add('authorization', `Wechaty ${manager.token.token}`);
    done(null, metadata);
  });
  return grpc.credentials.combineChannelCredentials(
    grpc.credentials.createSsl(manager.caCert),
    token,
  );
}

const limitCall: grpc.Interceptor = (options, nextCall) => {
  const { path, responseStream } = options.method_definition;
  const name = path.slice(path.lastIndexOf('/') + 1);
  // The event stream is the only one that has to stay.
  if (responseStream && name === 'Event') return new grpc.InterceptingCall(nextCall(options));
  const [, ms] = limits.find(([pattern]) => pattern.test(name)) ?? [undefined, otherLimit];
  const deadline = Date.now() + ms;
  return new grpc.InterceptingCall(nextCall({ ...options, deadline }));
};

/** Resolves with the first event, or when the server does not greet; rejects with the true cause. */
async function openStream(manager: GrpcManager, onEnd: (end: StreamEnd) => void): Promise<void> {
  const stream = manager.client.event(new pb.EventRequest());
  manager.eventStream = stream;
  await new Promise<void>((resolve, reject) => {
    const timer = new RealClock().after(greetingMs, resolve);
    const end = (error: grpc.ServiceError | undefined): void => {
      timer.cancel();
      reject(error ?? new Error('the server ended the event stream'));
      onEnd({ code: error?.code, error });
    };
    stream.on('data', (event: pb.EventResponse) => {
      timer.cancel();
      resolve();
      manager.emit('data', event);
    });
    stream.on('error', (error: grpc.ServiceError) => {
      manager.emit('error', error);
      end(error);
    });
    stream.on('end', () => end(undefined));
  });
}
