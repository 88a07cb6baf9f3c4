import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { awaitKafka, kafkaSpecs, type KafkaNode } from '../kafka/kafka.cluster.ts';
import { awaitMongo, mongoSpecs, mongoUri, type MongoNode } from '../mongo/replica.set.ts';
import { Links, OWN_HOST } from '../faults/links.ts';
import { claimPort, freePorts } from '../processes/ports.ts';
import { kafkaServer, mongodServer, type ServerSource } from '../downloads/server.binaries.ts';
import { requireRoom } from '../downloads/download.cache.ts';
import { SmallDisks } from '../faults/small.disks.ts';
import { StackError } from '../stack.errors.ts';
import { takeLock } from '../processes/start.lock.ts';
import { Supervisor } from '../processes/supervisor.ts';

export interface ServerOptions {
  brokers: number;
  mongod: number;
  /** Free ports and a folder that goes at the end, instead of the set ports and .wiber. */
  ephemeral: boolean;
  /** Every server behind a port that can be cut off and slowed down. */
  links: boolean;
  /** The servers, by name, whose data folders are small enough to be filled. */
  smallDisks: string[];
}

export interface AppRun {
  name: string;
  instance: string;
  url: string;
}

const UP_WITHIN_MS = 60_000;
/** What new data folders take, and then some. */
const ROOM = 512 * 1024 ** 2;

/** @throws StackError when it is no number that Kafka takes */
export const partitionsIn = (text = '6'): number => {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new StackError(`KAFKA_PARTITIONS is '${text}'; it takes a whole number from 1 to 9999`);
};

/** Real Kafka and MongoDB under one supervisor, and .wiber/run.json that says what runs. */
export class Servers {
  readonly folder: string;
  readonly runFile: string;
  readonly supervisor: Supervisor;
  readonly apps: AppRun[] = [];
  readonly links: Links | undefined;
  readonly smallDisks: SmallDisks;
  kafka: KafkaNode[] = [];
  mongo: MongoNode[] = [];
  private readonly options: ServerOptions;
  private starting: Promise<void> = Promise.resolve();

  constructor(options: ServerOptions) {
    this.options = options;
    // Whoever reads along may leave first; the servers end in order all the same.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    this.folder = options.ephemeral ? mkdtempSync(join(tmpdir(), 'wiber-')) : join(process.cwd(), '.wiber');
    requireRoom(this.folder, options.ephemeral ? 'set TMPDIR to another folder' : 'put the clone elsewhere', ROOM);
    this.runFile = join(this.folder, 'run.json');
    if (!options.ephemeral) takeLock(join(this.folder, 'lock'));
    this.supervisor = new Supervisor(join(this.folder, 'logs'), () => this.writeRunFile());
    if (options.ephemeral) this.supervisor.removeAtEnd(this.folder);
    const log = join(this.folder, 'logs', 'links.log');
    this.links = options.links ? new Links({ log, pids: () => this.supervisor.pids }) : undefined;
    this.smallDisks = new SmallDisks(this.supervisor.lifeline);
  }

  get kafkaAddresses(): string[] {
    return this.kafka.map(({ port }) => `127.0.0.1:${port}`);
  }

  get mongoUri(): string {
    return process.env.MONGO_URI ?? mongoUri(this.mongo);
  }

  get bootstrap(): string {
    return process.env.KAFKA_BOOTSTRAP_SERVERS ?? this.kafkaAddresses.join(',');
  }

  /** Gets and starts the servers; rejects with the reason when `stop` is called meanwhile. */
  async start(): Promise<void> {
    this.starting = this.startAll();
    return this.starting;
  }

  /** Ends the apps, the gateways first so that what they accepted is handed on, then all servers at once. */
  async stop(): Promise<void> {
    this.supervisor.giveUp();
    await this.starting.catch(() => undefined);
    const apps = this.apps.map(({ instance }) => instance);
    const of = (app: string) => apps.filter((instance) => instance.startsWith(app));
    const servers = [...this.kafka, ...this.mongo].map(({ id }) => id);
    await this.supervisor.stop([of('gateway'), of('ingest'), of('metrics'), servers]);
    this.links?.close();
  }

  /** Waits until a server that was started again serves. */
  async awaitServing(): Promise<void> {
    await Promise.all([this.awaitKafka(), this.awaitMongo()]);
  }

  private async startAll(): Promise<void> {
    const { lifeline } = this.supervisor;
    const [kafka, mongod] = await bothOf(
      process.env.KAFKA_BOOTSTRAP_SERVERS ? undefined : kafkaServer(lifeline),
      process.env.MONGO_URI ? undefined : mongodServer(lifeline),
    );
    requirePrograms(this.options, [kafka, mongod]);
    await this.plan();
    await this.mountDisks();
    await bothOf(this.startKafka(kafka), this.startMongo(mongod));
  }

  private async startKafka(source: ServerSource | undefined): Promise<void> {
    if (source)
      for (const spec of await kafkaSpecs(this.kafka, source, this.supervisor.lifeline)) this.supervisor.start(spec);
    await this.awaitKafka();
  }

  private awaitKafka(): Promise<void> {
    const topic = process.env.KAFKA_TOPIC ?? 'wiber.messages';
    const partitions = partitionsIn(process.env.KAFKA_PARTITIONS);
    // The dead-letter topic is made by ingest, which knows what it has to take.
    const topics = [{ topic, partitions }];
    const { signal } = this.supervisor.lifeline;
    return this.supervisor.untilUp(
      this.kafka.map(({ id }) => id),
      awaitKafka({ addresses: this.bootstrap.split(','), topics, withinMs: UP_WITHIN_MS, signal }),
    );
  }

  private async startMongo(source: ServerSource | undefined): Promise<void> {
    if (source) for (const spec of mongoSpecs(this.mongo, source)) this.supervisor.start(spec);
    await this.awaitMongo();
  }

  private async awaitMongo(): Promise<void> {
    if (this.mongo.length === 0) return;
    await this.supervisor.untilUp(
      this.mongo.map(({ id }) => id),
      awaitMongo(this.mongo, UP_WITHIN_MS, this.supervisor.lifeline.signal),
    );
  }

  private async plan(): Promise<void> {
    const { brokers, mongod, ephemeral } = this.options;
    const kafkaCount = process.env.KAFKA_BOOTSTRAP_SERVERS ? 0 : brokers;
    const mongoCount = process.env.MONGO_URI ? 0 : mongod;
    const ownHost = this.links ? OWN_HOST : '127.0.0.1';
    const free = ephemeral ? await freePorts(kafkaCount * 2 + mongoCount, ownHost) : [];
    const port = async (variable: string, otherwise: number, index: number) =>
      free.pop() ?? (await claimPort(Number(process.env[variable] ?? otherwise) + index, variable));
    for (let index = 0; index < kafkaCount; index += 1) {
      const id = `kafka-${index + 1}`;
      const listener = await port('KAFKA_PORT', 9092, index);
      const controller = await port('KAFKA_CONTROLLER_PORT', 19092, index);
      this.kafka.push({
        id,
        port: await this.leadTo(id, listener),
        controllerPort: await this.leadTo(id, controller),
        ownHost,
        ownPort: listener,
        ownControllerPort: controller,
        folder: join(this.folder, this.data, id),
      });
    }
    for (let index = 0; index < mongoCount; index += 1) {
      const id = `mongo-${index + 1}`;
      const ownPort = await port('MONGO_PORT', 27017, index);
      const folder = join(this.folder, this.data, id);
      const smallDisk = this.options.smallDisks.includes(id);
      this.mongo.push({ id, port: await this.leadTo(id, ownPort), ownHost, ownPort, folder, smallDisk });
    }
  }

  private async leadTo(id: string, ownPort: number): Promise<number> {
    return this.links ? this.links.lead(id, ownPort) : ownPort;
  }

  private async mountDisks(): Promise<void> {
    const { smallDisks } = this.options;
    const nodes = [...this.kafka, ...this.mongo];
    const unknown = smallDisks.find((name) => !nodes.some(({ id }) => id === name));
    if (unknown !== undefined)
      throw new StackError(`--small-disks names ${unknown}; there are ${nodes.map(({ id }) => id).join(', ')}`);
    for (const { id, folder } of nodes) if (smallDisks.includes(id)) await this.smallDisks.mount(id, folder);
    if (this.smallDisks.refused) process.stderr.write(`wiber: small_disk_refused: ${this.smallDisks.refused}\n`);
  }

  /** A cluster and a single node are different data: neither starts on the other's. */
  private get data(): string {
    const { brokers, mongod } = this.options;
    return brokers === 1 && mongod === 1 ? 'single' : `cluster-${brokers}-${mongod}`;
  }

  private writeRunFile(): void {
    const pid = (name: string) => this.supervisor.pidOf(name);
    const run = {
      apps: this.apps.map((app) => ({ ...app, pid: pid(app.instance) })),
      kafka: this.kafka.map(({ id, port }) => ({ id, pid: pid(id), address: `127.0.0.1:${port}` })),
      mongo: this.mongo.map(({ id, port }) => ({ id, pid: pid(id), address: `127.0.0.1:${port}` })),
    };
    writeAtomically(this.runFile, `${JSON.stringify(run, null, 2)}\n`);
  }
}

/** Who opened a connection is told by the process that holds the socket; a container hides it. */
const requirePrograms = ({ links }: ServerOptions, sources: (ServerSource | undefined)[]): void => {
  if (links && process.platform !== 'linux')
    throw new StackError('--links needs Linux: /proc says who opened a connection');
  if (links && sources.some((source) => source?.type !== 'program'))
    throw new StackError(
      '--links needs Kafka and mongod as programs that it starts itself; set KAFKA_HOME and MONGOD_BIN, ' +
        'and neither KAFKA_BOOTSTRAP_SERVERS nor MONGO_URI',
    );
};

/** Both, or every reason why not: a person mends them in one go. */
const bothOf = async <A, B>(first: A, second: B): Promise<[Awaited<A>, Awaited<B>]> => {
  const settled = await Promise.allSettled([first, second]);
  const reasons = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  const other = reasons.find((reason) => !(reason instanceof StackError));
  if (other) throw other;
  if (reasons.length > 0) throw new StackError([...new Set(reasons.map(({ message }) => message))].join('\nwiber: '));
  return Promise.all([first, second]);
};

const writeAtomically = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
};
