import type { Tracing } from '../../bot/tracing.ts';
import type { CommandHandler } from '../server.ts';
import { commandsByName } from './table.ts';

/** The handler with spans around it; itself where nobody wants to see any. */
export function traced(handler: CommandHandler, tracing: Tracing | undefined): CommandHandler {
  if (tracing === undefined) return handler;
  return (request) => {
    // Names that strangers make up must not become names of spans.
    const name = commandsByName.get(request.name)?.name ?? 'unknown';
    const parent = request.headers['traceparent'];
    const given = typeof parent === 'string' ? parent : undefined;
    return tracing.command(name, given, () => handler(request));
  };
}
