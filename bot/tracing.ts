import {
  type Context,
  context,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { version } from '../config/version.ts';

/** What a message went through is linked in memory, for so many of them. */
const mostLinks = 10_000;

/**
 * Spans of OpenTelemetry: request → command → send → delivery. Whoever wants them preloads an SDK
 * (`node --import`); without one there is no Tracing at all, and the busy paths are what they were.
 */
export class Tracing {
  readonly #tracer: Tracer;
  readonly #links = new Map<number, SpanContext>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** A signed command: the request as it came in, and inside it the command. */
  async command(
    name: string,
    traceparent: string | undefined,
    work: () => Promise<string>,
  ): Promise<string> {
    const parent = parseParent(traceparent);
    const from = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const request = this.#tracer.startSpan(
      `POST /api/${name}`,
      { kind: SpanKind.SERVER, attributes: { 'http.route': '/api/{name}' } },
      from,
    );
    const inside = trace.setSpan(from, request);
    const span = this.#tracer.startSpan(`command ${name}`, {}, inside);
    try {
      const answer = await context.with(trace.setSpan(inside, span), work);
      this.#answered(span, answer);
      return answer;
    } finally {
      span.end();
      request.end();
    }
  }

  /** A message is handed to WeChat. */
  async send<T extends { ok: boolean }>(
    send: { msgid: number; botcode: string; kind: string },
    work: () => Promise<T>,
  ): Promise<T> {
    const { msgid, botcode, kind } = send;
    const span = this.#tracer.startSpan(
      `send ${kind}`,
      { kind: SpanKind.PRODUCER, attributes: { 'wxrc.msgid': msgid, 'wxrc.botcode': botcode } },
      this.#contextOf(msgid),
    );
    try {
      const answer = await work();
      if (!answer.ok) span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    } finally {
      span.end();
      // What follows from it belongs below it.
      this.#link(msgid, span.spanContext());
    }
  }

  /**
   * An event is posted to its receiver, who gets the traceparent.
   * @param msgid of the message that it reports on
   */
  async delivery<T extends { status: number | undefined } | undefined>(
    event: { type: string; chid: string; eventId: number; msgid: number | undefined },
    work: (headers: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    const { type, chid, eventId, msgid } = event;
    const span = this.#tracer.startSpan(
      `deliver ${type}`,
      { kind: SpanKind.CLIENT, attributes: { 'wxrc.chid': chid, 'wxrc.event_id': eventId } },
      this.#contextOf(msgid),
    );
    try {
      const answer = await work({ traceparent: formatParent(span.spanContext()) });
      const status = answer?.status;
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (status === undefined || status > 299) span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    } finally {
      span.end();
    }
  }

  #answered(span: Span, answer: string): void {
    const rtCode = /"rtCode":"(-?\d+)"/.exec(answer)?.[1];
    const msgid = /"msgid":(\d+)/.exec(answer)?.[1];
    if (rtCode !== undefined) span.setAttribute('wxrc.rt_code', rtCode);
    if (rtCode === '22' || rtCode === '23') span.setStatus({ code: SpanStatusCode.ERROR });
    if (msgid === undefined) return;
    span.setAttribute('wxrc.msgid', Number(msgid));
    // It may have left before its answer did.
    if (!this.#links.has(Number(msgid))) this.#link(Number(msgid), span.spanContext());
  }

  #contextOf(msgid: number | undefined): Context {
    const link = msgid === undefined ? undefined : this.#links.get(msgid);
    return link === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, link);
  }

  #link(msgid: number, link: SpanContext): void {
    this.#links.delete(msgid);
    this.#links.set(msgid, link);
    if (this.#links.size <= mostLinks) return;
    const [oldest] = this.#links.keys();
    if (oldest !== undefined) this.#links.delete(oldest);
  }
}

/** Undefined unless an SDK was registered. */
export function createTracing(): Tracing | undefined {
  const provider = trace.getTracerProvider();
  const registered =
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer('wxrc', version) !== undefined;
  return registered ? new Tracing(trace.getTracer('wxrc', version)) : undefined;
}

/** W3C Trace Context: `00-<32 hex>-<16 hex>-<2 hex>`; what is malformed does not count. */
export function parseParent(header: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header?.trim() ?? '') ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return { traceId, spanId, traceFlags, isRemote: true };
}

function formatParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
