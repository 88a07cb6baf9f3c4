import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector gets it. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startMs: number;
  endMs: number;
  isError: boolean;
  attributes: Record<string, unknown>;
  /** What says of which process it is. */
  resource: Record<string, unknown>;
}

interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  status?: { code?: number };
}
interface OtlpRequest {
  resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** How the collector answers. `hang`: it takes the request and never answers. */
export type CollectorMood = 'accept' | 'refuse' | 'hang';

const STATUS_ERROR = 2;

/** A collector that takes traces by OTLP over HTTP, in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp). */
export class OtlpCollector {
  mood: CollectorMood = 'accept';
  /** How many exports came, whatever the answer was. */
  exports = 0;
  private readonly server: Server;
  private readonly collected: CollectedSpan[] = [];

  private constructor() {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of a trace, or all, by their begin. */
  spans(traceId?: string): CollectedSpan[] {
    const found = this.collected.filter((span) => traceId === undefined || span.traceId === traceId);
    return found.toSorted((a, b) => a.startMs - b.startMs);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.exports += 1;
    if (this.mood === 'hang') return;
    const isTrace = request.method === 'POST' && request.url === '/v1/traces';
    const isJson = request.headers['content-type'] === 'application/json';
    if (!isTrace || !isJson) return void response.writeHead(400).end();
    if (this.mood === 'refuse') return void response.writeHead(400).end();
    this.collected.push(...spansIn(JSON.parse(Buffer.concat(chunks).toString()) as OtlpRequest));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  }
}

const spansIn = ({ resourceSpans }: OtlpRequest): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => collected(span, recordOf(resource.attributes)))),
  );

const collected = (span: OtlpSpan, resource: Record<string, unknown>): CollectedSpan => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId ?? '',
  name: span.name,
  kind: span.kind,
  startMs: msOf(span.startTimeUnixNano),
  endMs: msOf(span.endTimeUnixNano),
  isError: span.status?.code === STATUS_ERROR,
  attributes: recordOf(span.attributes ?? []),
  resource,
});

const msOf = (nanoseconds: string): number => Number(BigInt(nanoseconds) / 1000n) / 1000;

/** Of a value only the field of its type is set. */
const recordOf = (attributes: KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [type, given] = Object.entries(value)[0] ?? [];
      return [key, type === 'intValue' ? Number(given) : given];
    }),
  );
