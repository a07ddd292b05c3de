import { Counter, Gauge, type Registry } from 'prom-client';

/** Every metric of ours that prom-client writes. Labels take botcodes, chids and fixed words only. */
export function createGauges(registry: Registry) {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    info: gauge('wxrc_info', 'Version of this daemon.', 'version'),
    commands: counter(
      'wxrc_commands_total',
      'Signed commands answered since start.',
      'command',
      'rtCode',
    ),
    accepted: counter('wxrc_sends_accepted_total', 'Sends accepted since start.'),
    settled: counter('wxrc_sends_settled_total', 'Sends settled since start.', 'state'),
    open: gauge('wxrc_sends_open', 'Sends handed over and not settled.', 'state'),
    queued: gauge('wxrc_sends_queued', 'Sends that wait.', 'botcode'),
    queueAge: gauge(
      'wxrc_sends_queued_oldest_seconds',
      'Age of the oldest send that waits.',
      'botcode',
    ),
    botState: gauge('wxrc_bot_state', '1 for the state the bot is in.', 'botcode', 'state'),
    botWanted: gauge(
      'wxrc_bot_wanted',
      '1 while the bot is to be online; 0: it is off, or was logged out by a command.',
      'botcode',
    ),
    botStateAge: gauge('wxrc_bot_state_seconds', 'How long it has been in it.', 'botcode'),
    botAge: gauge(
      'wxrc_bot_proof_age_seconds',
      'Age of the last proof that the stream, the account, sending, the rooms are well.',
      'botcode',
      'proof',
    ),
    imSessions: gauge('wxrc_im_sessions', 'Logged-in connections of IM clients.', 'transport'),
    imMessages: counter('wxrc_im_messages_total', 'IM messages stored since start.'),
    waiting: gauge('wxrc_conversations_waiting', 'Customers whose words nobody was told of.'),
    answers: counter(
      'wxrc_conversation_answers_total',
      'Answers to customers since start, by the way they went.',
      'via',
    ),
    officialSockets: gauge(
      'wxrc_official_sockets',
      'Open sockets of the official-account component.',
    ),
    officialPushes: counter(
      'wxrc_official_pushes_total',
      'What was pushed to it since start.',
      'result',
    ),
    officialFrames: counter(
      'wxrc_official_frames_total',
      'Stored frames written to its sockets since start.',
    ),
    officialClosed: counter(
      'wxrc_official_closed_total',
      'Its sockets that ended since start.',
      'cause',
    ),
    due: gauge('wxrc_deliveries_due', 'Events that wait for delivery.', 'chid'),
    dueAge: gauge(
      'wxrc_deliveries_due_oldest_seconds',
      'Age of the oldest event that waits for delivery.',
      'chid',
    ),
    dead: gauge('wxrc_deliveries_dead', 'Dead letters.', 'chid'),
    posts: counter(
      'wxrc_delivery_posts_total',
      'POSTs of events since start, taken by the receiver or not.',
      'chid',
      'result',
    ),
    paused: gauge('wxrc_channel_paused', '1 when the deliveries of a channel are held.', 'chid'),
    databaseBytes: gauge('wxrc_database_bytes', 'Size of the database.', 'file'),
  };
}
export type Gauges = ReturnType<typeof createGauges>;
