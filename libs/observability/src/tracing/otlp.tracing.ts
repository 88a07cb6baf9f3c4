import {
  ROOT_CONTEXT,
  SpanKind as OtelKind,
  SpanStatusCode,
  TraceFlags,
  diag,
  isSpanContextValid,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { ExportFailures, type FailureLog } from './export.failures.ts';
import { ATTRIBUTE } from './span.attributes.ts';
import type { OpenSpan, SpanEnd, SpanKind, SpanPlace, SpanStart, Tracing } from './tracing.ts';

export interface OtlpOptions {
  /** The base address of a collector that takes OTLP over HTTP; `/v1/traces` is added. */
  endpoint: string;
  /** The part of the traces that begin here which are recorded. One that a client began follows the client. */
  ratio: number;
  app: string;
  instance: string;
  log: FailureLog;
}

/** Spans that wait for the collector; more are dropped. A span takes about 1 kB. */
const QUEUE_MAX = 4096;
const EXPORT_MAX = 512;
const EXPORT_EVERY_MS = 1000;
/** How long an export may take, with the tries of the exporter, in milliseconds. */
const EXPORT_MS = 5000;
/** How long a process that stops may take for its last spans, in milliseconds. */
const CLOSE_MS = 2000;
const ATTRIBUTES_MAX = 32;
const ATTRIBUTE_LENGTH_MAX = 256;

const KINDS: Record<SpanKind, OtelKind> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
  internal: OtelKind.INTERNAL,
};

/**
 * Sends spans by OTLP over HTTP. Nothing of it is global: no other part of the process becomes traced. This is the one file
 * that imports the SDK, and only a process that is told of a collector loads it.
 */
export class OtlpTracing implements Tracing {
  readonly isOn = true;
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor({ endpoint, ratio, app, instance, log }: OtlpOptions) {
    const failures = new ExportFailures(log);
    diag.setLogger({ ...failures.logger }, { suppressOverrideMessage: true });
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      timeoutMillis: EXPORT_MS,
    });
    const processor = new BatchSpanProcessor({
      exporter,
      maxQueueSize: QUEUE_MAX,
      maxExportBatchSize: EXPORT_MAX,
      scheduledDelayMillis: EXPORT_EVERY_MS,
      exportTimeoutMillis: EXPORT_MS,
    });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        [ATTRIBUTE.serviceNamespace]: 'wiber',
        [ATTRIBUTE.serviceName]: `wiber-${app}`,
        [ATTRIBUTE.serviceInstance]: instance,
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanLimits: { attributeCountLimit: ATTRIBUTES_MAX, attributeValueLengthLimit: ATTRIBUTE_LENGTH_MAX },
      spanProcessors: [processor],
    });
    this.tracer = this.provider.getTracer('wiber');
  }

  start({ parent, ...start }: SpanStart): OpenSpan | undefined {
    const context = parent ? contextOf(parent) : ROOT_CONTEXT;
    const span = openSpan(this.tracer, start, context);
    return span.isRecording() ? new RecordedSpan(this.tracer, span) : undefined;
  }

  /** Nest's hook: it runs after the last request is answered. Sends what is left, as far as the collector takes it soon. */
  async onApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

const openSpan = (tracer: Tracer, start: Omit<SpanStart, 'parent'>, context: Context): Span => {
  const { name, kind, attributes = {}, startMs } = start;
  return tracer.startSpan(name, { kind: KINDS[kind], attributes, startTime: startMs }, context);
};

const contextOf = ({ traceId, spanId, isSampled }: SpanPlace): Context => {
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const place = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(place) ? trace.setSpanContext(ROOT_CONTEXT, place) : ROOT_CONTEXT;
};

class RecordedSpan implements OpenSpan {
  readonly traceparent: string;
  private readonly tracer: Tracer;
  private readonly span: Span;

  constructor(tracer: Tracer, span: Span) {
    this.tracer = tracer;
    this.span = span;
    const { traceId, spanId } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-01`;
  }

  child(start: Omit<SpanStart, 'parent'>): OpenSpan {
    return new RecordedSpan(this.tracer, openSpan(this.tracer, start, trace.setSpan(ROOT_CONTEXT, this.span)));
  }

  end({ attributes, error, endMs }: SpanEnd = {}): void {
    if (attributes) this.span.setAttributes(attributes);
    if (error !== undefined) {
      this.span.setAttribute(ATTRIBUTE.errorType, error);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end(endMs);
  }
}
