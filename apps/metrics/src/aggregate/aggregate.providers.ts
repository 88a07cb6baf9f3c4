import type { Provider } from '@nestjs/common';
import { deadLetterTopicOf, wallNow, type Stream } from '@wiber/contracts';
import { KAFKA, ingestProgress, type Kafka } from '@wiber/host';
import { KafkaProbe, LogFetcher, type ReadCommitted } from '@wiber/kafka';
import { BusiestStore, MessageReader, StatsWriter, StoredTimes } from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { LogClocks } from '../clocks/log.clocks.ts';
import { AggregateMetrics } from './aggregate.metrics.ts';
import { METRICS_ENV } from '../metrics.env.ts';
import { LOGGER } from '../metrics.logger.ts';
import { AggregateTask } from './aggregate.task.ts';
import { BusiestCounter } from './busiest.counter.ts';
import { BacklogAge } from './backlog.age.ts';
import { ConversationSamples } from './conversation.samples.ts';
import type { CountedStream } from './counted.stream.ts';
import { LogStream } from './log.stream.ts';
import { NameHash } from './name.hash.ts';
import { RoundTracer } from '../tracing/round.tracer.ts';
import { acceptedFact, deadLetterFact } from './record.facts.ts';
import { StoredStream, type StoredStreamPorts } from './stored.stream.ts';

const { topic, group, periodMs } = METRICS_ENV;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const keptMs = {
  second: METRICS_ENV.secondsKeptHours * HOUR_MS,
  minute: METRICS_ENV.minutesKeptDays * DAY_MS,
  hour: METRICS_ENV.hoursKeptDays * DAY_MS,
};
/** A leader of an idle system renews its lease 1.25 times a second. With this it writes less than twice a second in all. */
const IDLE_MS = 2500;
/** How long a read of committed offsets may take, in milliseconds. */
const KAFKA_READ_MS = 5000;
/** One each: a fetcher refreshes the metadata of all its topics together, and the dead-letter topic may be missing. */
const MESSAGE_FETCHER = Symbol('message fetcher');
const LETTER_FETCHER = Symbol('letter fetcher');
const READ = Symbol('what reads the messages of the log');
const WRITERS = Symbol('writers of windows and of busiest conversations');
const STORE = Symbol('writer and reader of the store');
const COMMITTED = Symbol('committed offsets');
const ACCEPTED = Symbol('accepted records');
const DEAD_LETTERED = Symbol('dead letters');
const COUNTED_STREAMS = Symbol('counted streams');
const WATCHERS = Symbol('what shows and traces the rounds');

interface Read {
  fetcher: LogFetcher;
  probe: KafkaProbe;
}

interface Writers {
  writer: StatsWriter;
  store: BusiestStore;
}

interface Watchers {
  metrics: AggregateMetrics;
  tracer: RoundTracer;
}

const shared = (probe: KafkaProbe, writer: StatsWriter) => {
  return { topic, keptMs, probe, writer, logger: LOGGER, now: monotonicNow };
};

/** The task that counts, and what it is made of. They need the providers of the host, and those of the store that they inject. */
export const AGGREGATE_PROVIDERS: Provider[] = [
  { provide: MESSAGE_FETCHER, inject: [KAFKA], useFactory: (kafka: Kafka) => new LogFetcher(kafka) },
  { provide: LETTER_FETCHER, inject: [KAFKA], useFactory: (kafka: Kafka) => new LogFetcher(kafka) },
  {
    provide: READ,
    inject: [MESSAGE_FETCHER, KafkaProbe],
    useFactory: (fetcher: LogFetcher, probe: KafkaProbe): Read => ({ fetcher, probe }),
  },
  {
    provide: WRITERS,
    inject: [StatsWriter, BusiestStore],
    useFactory: (writer: StatsWriter, store: BusiestStore): Writers => ({ writer, store }),
  },
  {
    provide: ACCEPTED,
    inject: [READ, WRITERS, LogClocks],
    useFactory: ({ fetcher, probe }: Read, { writer, store }: Writers, clocks: LogClocks) => {
      const samples = new ConversationSamples(new NameHash());
      const busiest = new BusiestCounter({ topic, keptMs, store });
      const ports = { ...shared(probe, writer), fetcher, busiest, clocks };
      return new LogStream(ports, {
        read: topic,
        stream: 'accepted',
        factOf: (record) => acceptedFact(record, samples),
      });
    },
  },
  {
    provide: DEAD_LETTERED,
    inject: [LETTER_FETCHER, KafkaProbe, StatsWriter],
    useFactory: (fetcher: LogFetcher, probe: KafkaProbe, writer: StatsWriter) => {
      const ports = { ...shared(probe, writer), fetcher };
      return new LogStream(ports, {
        read: deadLetterTopicOf(topic),
        stream: 'dead_lettered',
        factOf: (record) => deadLetterFact(record, topic),
      });
    },
  },
  {
    provide: COMMITTED,
    inject: [KafkaProbe, MessageReader],
    useFactory: (probe: KafkaProbe, messages: MessageReader) =>
      ingestProgress(() => probe.committed(group, topic, KAFKA_READ_MS), messages),
  },
  {
    provide: STORE,
    inject: [StatsWriter, StoredTimes],
    useFactory: (writer: StatsWriter, times: StoredTimes) => ({ writer, times }),
  },
  {
    provide: BacklogAge,
    inject: [MESSAGE_FETCHER],
    useFactory: (fetcher: LogFetcher) => new BacklogAge({ topic, fetcher }),
  },
  {
    provide: StoredStream,
    inject: [COMMITTED, STORE, BacklogAge],
    useFactory: (committed: ReadCommitted, store: Pick<StoredStreamPorts, 'writer' | 'times'>, backlog: BacklogAge) =>
      new StoredStream({ topic, keptMs, logger: LOGGER, ...store, committed, backlog }),
  },
  {
    provide: COUNTED_STREAMS,
    inject: [ACCEPTED, StoredStream, DEAD_LETTERED],
    useFactory: (accepted: LogStream, stored: StoredStream, dead_lettered: LogStream) => {
      return { accepted, stored, dead_lettered };
    },
  },
  {
    provide: WATCHERS,
    inject: [AggregateMetrics, RoundTracer],
    useFactory: (metrics: AggregateMetrics, tracer: RoundTracer): Watchers => ({ metrics, tracer }),
  },
  {
    provide: AggregateTask,
    inject: [COUNTED_STREAMS, StatsWriter, WATCHERS],
    useFactory: (streams: Record<Stream, CountedStream>, writer: StatsWriter, { metrics, tracer }: Watchers) =>
      new AggregateTask({
        topic,
        periodMs,
        idleMs: IDLE_MS,
        now: monotonicNow,
        wall: wallNow,
        keptMs,
        writer,
        streams,
        tracer,
        onProgress: (progress, lead, seen) => metrics.show(progress, () => lead.isValid(), seen),
      }),
  },
];
