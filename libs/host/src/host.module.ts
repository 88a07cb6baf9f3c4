import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ConfigModule, type ConfigFactory, type ConfigFactoryKeyHost } from '@nestjs/config';
import { TerminusModule } from '@nestjs/terminus';
import { LoggerModule } from 'nestjs-pino';
import type { PulseApp } from '@wiber/contracts';
import { KafkaProbe, createKafka, type LogLine } from '@wiber/kafka';
import { Store, StoreModule, type StoreSettings } from '@wiber/mongo';
import {
  BreakerBoard,
  ClockBoard,
  HealthModule,
  InstanceState,
  ServedWorkList,
  TopicBoard,
  UnreadableBoard,
  breakerLogger,
  type WiberLogger,
} from '@wiber/observability';
import { ClockReporter } from './clocks/clock.reporter.ts';
import { clockProviders } from './clocks/clock.watch.ts';
import { GroupMembership, KafkaIndicator, MongoIndicator, PROBED_TOPIC, looksOf } from './dependency.indicators.ts';
import type { HostSettings } from './host.settings.ts';
import { PulseSender } from './pulses/pulse.sender.ts';
import { KafkaLogin } from './security/kafka.login.ts';
import { kafkaSecurityOf } from './security/kafka.security.settings.ts';
import { storeSecurityOf } from './security/store.security.settings.ts';
import { risksOf } from './store.variables.ts';

/** The process's one kafkajs client. */
export const KAFKA = Symbol('KAFKA');
export type Kafka = ReturnType<typeof createKafka>;

export type HostConfig = ConfigFactory & (() => HostSettings) & Pick<ConfigFactoryKeyHost, 'KEY'>;

export interface HostOptions {
  /** The name of the app, as it says of whom a report is. */
  app: PulseApp;
  config: HostConfig;
  logger: WiberLogger;
  /** How long a read or write may look for a usable MongoDB server, in milliseconds. */
  serverSelectionMs: number;
  /** How long a read may stay unanswered before MongoDB counts as away, in milliseconds. */
  readPatienceMs?: number;
}

export const kafkaLogOf =
  (logger: WiberLogger): LogLine =>
  (level, message, detail) =>
    logger[level](detail, message);

const MULTIKEY =
  'a document that is no message has, or had, an array in an indexed field, so pages are slow: delete it (ingest names it as ' +
  'documentId; else find it by { field: { $type: "array" } }) and start ingest again, which then builds the ' +
  'index anew (not message_once, which is fast all the same)';
const RENEWED = 'an index that a document with an array had made slow was built anew';
const DROPPED =
  'collections were dropped while ingest writes; they are made again, empty. npm run rebuild fills another one from the log';
const REPEATS =
  'messages were stored twice while their collection had no unique index; of each the first in the log stays. ' +
  'conflicts: places of those that had another body under one id';
const INDEXES_LOST =
  'indexes were dropped, hidden or changed while this process runs; they are made again or unhidden, and reads that need ' +
  'them wait for it';
const INDEXES_FAILED = 'dropped, changed or slow indexes could not be made again; trying again later';
const REFUSED = 'MongoDB answers with an error; the same code is logged once a minute';
const ODD_COLLECTION = 'a collection was changed while this process runs';
const NO_READER =
  'no member of the replica set that MONGO_READ_PREFERENCE names answers, so reads are refused and this process is not ready';
const UNREADABLE = 'a stored document is no message, so no read shows it; mend or delete it';
const PLAIN_TEXT =
  'the password of Kafka is sent unencrypted: KAFKA_SASL_MECHANISM is plain without KAFKA_SSL; set KAFKA_SSL=true';
const ODD_LEASE = 'somebody changed a lease, or the history of its terms, in MongoDB; `reason` says what to do';

/** What the app tells of itself, and health and metrics show. */
const OWN_BOARDS = [ServedWorkList, BreakerBoard, ClockBoard, TopicBoard];

const adapters = ({ app, config, logger, ...reads }: HostOptions): DynamicModule => {
  const settings = (config as () => HostSettings)();
  for (const risk of risksOf(settings)) logger.warn(risk);
  const store = StoreModule.forRoot({
    settings: { ...storeSettingsOf(settings), ...reads },
    onBreakerChange: (name, state) => breakerLogger(logger, name)(state),
    onMultikey: (index) => logger.error(index, MULTIKEY),
    onIndexRenewed: (index) => logger.info({ index }, RENEWED),
    onCollectionsLost: (collections) => logger.error({ collections }, DROPPED),
    onRepeatsDeleted: (repeats) => logger.error(repeats, REPEATS),
    onIndexesLost: (indexes) => logger.error({ indexes }, INDEXES_LOST),
    onIndexesFailed: (error) => logger.error({ error }, INDEXES_FAILED),
    onOddCollection: ({ message }) => logger.error(`${ODD_COLLECTION}: ${message}`),
    onNoReader: (error) => logger.error({ error }, NO_READER),
    onRefused: (error) => logger.warn({ error }, REFUSED),
    onUnreadable: (document) => logger.error(document, UNREADABLE),
    onOddLease: (document) => logger.error(document, ODD_LEASE),
  });
  return {
    module: AdaptersModule,
    imports: [ConfigModule.forFeature(config), store],
    providers: [
      ...kafkaProviders(settings, logger),
      GroupMembership,
      ServedWorkList,
      {
        provide: BreakerBoard,
        inject: [Store],
        useFactory: (opened: Store) => {
          const board = new BreakerBoard();
          board.watch(() => opened.breakers);
          return board;
        },
      },
      {
        provide: UnreadableBoard,
        inject: [Store],
        useFactory: (opened: Store) => new UnreadableBoard(() => opened.unreadableReads),
      },
      TopicBoard,
      clockReporter(settings, { app, logger }),
      InstanceState,
      pulseSender(settings, { app, logger }),
      ...clockProviders(settings, logger),
      { provide: KafkaProbe, inject: [KAFKA], useFactory: (kafka: Kafka) => new KafkaProbe(kafka) },
    ],
    exports: [...OWN_BOARDS, ConfigModule, KAFKA, KafkaLogin, KafkaProbe, GroupMembership, InstanceState, PulseSender],
  };
};

const pulseSender = (
  { topic, instance }: HostSettings,
  { app, logger }: Pick<HostOptions, 'app' | 'logger'>,
): Provider => ({
  provide: PulseSender,
  inject: [Store, BreakerBoard, InstanceState],
  useFactory: ({ figures }: Store, breakers: BreakerBoard, state: InstanceState) =>
    new PulseSender({ store: figures.pulseStore(), topic, app, instance, breakers, state, logger }),
});

const clockReporter = (
  { topic, instance }: HostSettings,
  { app, logger }: Pick<HostOptions, 'app' | 'logger'>,
): Provider => ({
  provide: ClockReporter,
  inject: [Store],
  useFactory: ({ figures }: Store) =>
    new ClockReporter({ clocks: figures.storeClocks(), owner: { topic, app, instance }, logger }),
});

/** The client of Kafka, and what Kafka says of its logins. @throws StartError for settings with which nobody can log in */
const kafkaProviders = (settings: HostSettings, logger: WiberLogger): Provider[] => {
  const login = new KafkaLogin(logger);
  const security = kafkaSecurityOf(settings, login);
  if (security.sasl?.mechanism === 'plain' && !security.tls) logger.warn(PLAIN_TEXT);
  const { brokers, instance: clientId } = settings;
  return [
    { provide: KAFKA, useFactory: () => createKafka({ brokers, clientId, log: kafkaLogOf(logger), security }) },
    { provide: KafkaLogin, useValue: login },
  ];
};

const storeSettingsOf = (settings: HostSettings): Omit<StoreSettings, 'serverSelectionMs'> => {
  const {
    mongoUri: uri,
    instance: appName,
    database,
    collection,
    writeConcern,
    readConcern,
    readPreference,
    shardKey,
  } = settings;
  const security = storeSecurityOf(settings);
  return { uri, appName, database, collection, writeConcern, readConcern, readPreference, shardKey, ...security };
};

@Module({})
class AdaptersModule {}

@Module({})
class IndicatorsModule {}

/** The parts of every app: settings, logger, Kafka, the store, and health and metrics over HTTP. */
@Module({})
export class HostModule {
  static forApp(options: HostOptions): DynamicModule {
    const { config, logger } = options;
    const own = adapters(options);
    const indicators: DynamicModule = {
      module: IndicatorsModule,
      imports: [own, TerminusModule.forRoot({ logger: false })],
      providers: [
        { provide: PROBED_TOPIC, useValue: (config as () => HostSettings)().topic },
        KafkaIndicator,
        MongoIndicator,
      ],
      exports: [KafkaIndicator, MongoIndicator, own],
    };
    return {
      module: HostModule,
      imports: [
        own,
        // No middleware: a logger for each request costs more than the rest of the hot path. See decision 0003.
        LoggerModule.forRoot({ pinoHttp: { logger: nestLogger(logger) }, forRoutes: [] }),
        HealthModule.forLooks({
          imports: [indicators],
          inject: [KafkaIndicator, MongoIndicator],
          useFactory: looksOf,
        }),
      ],
      exports: [own],
    };
  }
}

/** Nest logs every route and module that it maps. Such lines are kept only at level debug. */
const nestLogger = (logger: WiberLogger): WiberLogger =>
  logger.child({ source: 'nest' }, { level: logger.isLevelEnabled('debug') ? logger.level : 'warn' }) as WiberLogger;
