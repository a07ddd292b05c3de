import { type DestinationStream, type Logger, pino } from 'pino';
import { visible, visibleLine } from './visible.ts';

export type { Logger } from 'pino';

/** Field names whose values never reach a log, at the top and one or two levels down. */
const secretFields = [
  'key',
  'oldKey',
  'keys',
  'token',
  'access_token',
  'accessToken',
  'secret',
  'password',
  'sign',
  'signature',
  'authorization',
  'cookie',
  'csrf',
  'totp',
  'recoveryCodes',
  'publicKey',
  'privateKey',
  'apiKey',
  'encodingAesKey',
  'session_key',
  'card',
];

/**
 * Root logger. Areas name themselves: `logger.child({ area: 'bot:sends' })`.
 * Logs go to stderr; stdout is kept for the ready line and QR codes.
 */
export function createLogger(
  level: string,
  destination: DestinationStream = standardError(),
): Logger {
  const children = new Set<WeakRef<Logger>>();
  const logger: Logger = pino(
    {
      level,
      base: null,
      onChild: (child: Logger) => {
        const ref = new WeakRef(child);
        children.add(ref);
        ended.register(child, () => children.delete(ref));
      },
      redact: {
        paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
      // Puppet libraries put the token into their error messages.
      serializers: { err: serializeError, error: serializeError },
    },
    destination,
  );
  descendants.set(logger, children);
  return logger;
}

/** Lines of JSON for machines; where a person looks on, lines for people. */
function standardError(): DestinationStream {
  if (!process.stderr.isTTY) return pino.destination({ fd: 2, sync: true });
  return { write: (line: string) => process.stderr.write(forPeople(line)) };
}

/** `12:30:05 warn bot:sends what happened  name=value …`, with a stack below it. */
export function forPeople(line: string): string {
  const { level, time, area, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const name = pino.levels.labels[Number(level)] ?? '';
  const facts = Object.entries(rest).map(([key, value]) =>
    visibleLine(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
  );
  const words = [clock, name, area, msg, ...facts].filter((word) => word !== undefined);
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${err.stack}` : '';
  return `${visible(`${words.join(' ')}${stack}`)}\n`;
}

/** Children have levels of their own, so each of them is told. */
const descendants = new WeakMap<Logger, Set<WeakRef<Logger>>>();
const ended = new FinalizationRegistry<() => void>((forget) => forget());

/** Changes the level of a root logger and of everything that was made of it. */
export function setLogLevel(root: Logger, level: string): void {
  root.level = level;
  for (const child of descendants.get(root) ?? []) {
    const logger = child.deref();
    if (logger !== undefined) logger.level = level;
  }
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return maskTokens(String(error));
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message: maskTokens(message), code, stack: maskTokens(stack ?? '') };
}

/**
 * Masks what wechaty prints in clear (`Invalid Wechaty TOKEN "…"`, `Wechaty <token>`), and what
 * addresses carry (`?access_token=…`).
 */
export function maskTokens(text: string): string {
  return text
    .replace(/(TOKEN\s+["']?|Wechaty\s+(?=[\w-]*_))[\w-]{6,}/gi, '$1[redacted]')
    .replace(/(access_token=)[^\s&#"']+/gi, '$1[redacted]');
}
