import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { awaitKafka, kafkaSpecs, type KafkaNode } from './kafka.cluster.ts';
import { awaitMongo, mongoSpecs, mongoUri, type MongoNode } from './mongo.cluster.ts';
import { claimPort, freePorts } from './ports.ts';
import { kafkaJars, mongodBinary } from './server.binaries.ts';
import { StackError } from './stack.errors.ts';
import { startTimeOf } from './process.table.ts';
import { Supervisor } from './supervisor.ts';

export interface ServerOptions {
  brokers: number;
  mongod: number;
  /** Free ports and a folder that goes at the end, instead of the set ports and .wiber. */
  ephemeral: boolean;
}

export interface AppRun {
  name: string;
  instance: string;
  url: string;
}

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
  kafka: KafkaNode[] = [];
  mongo: MongoNode[] = [];
  private readonly options: ServerOptions;

  constructor(options: ServerOptions) {
    this.options = options;
    this.folder = options.ephemeral ? mkdtempSync(join(tmpdir(), 'wiber-')) : join(process.cwd(), '.wiber');
    mkdirSync(this.folder, { recursive: true });
    this.runFile = join(this.folder, 'run.json');
    if (!options.ephemeral) this.lock();
    this.supervisor = new Supervisor(join(this.folder, 'logs'), () => this.writeRunFile());
    if (options.ephemeral) this.supervisor.removeAtEnd(this.folder);
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

  async start(): Promise<void> {
    const [jars, mongod] = await Promise.all([
      process.env.KAFKA_BOOTSTRAP_SERVERS ? undefined : kafkaJars(),
      process.env.MONGO_URI ? undefined : mongodBinary(),
    ]);
    await this.plan();
    await Promise.all([this.startKafka(jars), this.startMongo(mongod)]);
  }

  async stop(): Promise<void> {
    const apps = this.apps.map(({ instance }) => instance);
    const of = (app: string) => apps.filter((instance) => instance.startsWith(app));
    const kafka = this.kafka.map(({ id }) => id);
    const mongo = this.mongo.map(({ id }) => id);
    await this.supervisor.stop([of('gateway'), of('ingest'), of('metrics'), kafka, mongo]);
  }

  /** Waits until a server that was started again serves. */
  async awaitServing(): Promise<void> {
    await Promise.all([this.awaitKafka(), this.mongo.length > 0 ? awaitMongo(this.mongo, 60_000) : undefined]);
  }

  private async startKafka(jars: string | undefined): Promise<void> {
    if (jars) for (const spec of kafkaSpecs(this.kafka, jars)) this.supervisor.start(spec);
    await this.awaitKafka();
  }

  private awaitKafka(): Promise<void> {
    const topic = process.env.KAFKA_TOPIC ?? 'wiber.messages';
    const partitions = partitionsIn(process.env.KAFKA_PARTITIONS);
    const topics = [
      { topic, partitions },
      { topic: `${topic}.dlq`, partitions: 1 },
    ];
    return awaitKafka(this.bootstrap.split(','), topics, 60_000);
  }

  private async startMongo(binary: string | undefined): Promise<void> {
    if (!binary) return;
    for (const spec of mongoSpecs(this.mongo, binary)) this.supervisor.start(spec);
    await awaitMongo(this.mongo, 60_000);
  }

  private async plan(): Promise<void> {
    const { brokers, mongod, ephemeral } = this.options;
    const kafkaCount = process.env.KAFKA_BOOTSTRAP_SERVERS ? 0 : brokers;
    const mongoCount = process.env.MONGO_URI ? 0 : mongod;
    const free = ephemeral ? await freePorts(kafkaCount * 2 + mongoCount) : [];
    const port = async (variable: string, otherwise: number, index: number) =>
      free.pop() ?? (await claimPort(Number(process.env[variable] ?? otherwise) + index, variable));
    for (let index = 0; index < kafkaCount; index += 1) {
      const id = `kafka-${index + 1}`;
      const listener = await port('KAFKA_PORT', 9092, index);
      const controllerPort = await port('KAFKA_CONTROLLER_PORT', 19092, index);
      this.kafka.push({ id, port: listener, controllerPort, folder: join(this.folder, this.data, id) });
    }
    for (let index = 0; index < mongoCount; index += 1) {
      const id = `mongo-${index + 1}`;
      this.mongo.push({ id, port: await port('MONGO_PORT', 27017, index), folder: join(this.folder, this.data, id) });
    }
  }

  /** A cluster and a single node are different data: neither starts on the other's. */
  private get data(): string {
    const { brokers, mongod } = this.options;
    return brokers === 1 && mongod === 1 ? 'single' : `cluster-${brokers}-${mongod}`;
  }

  private lock(): void {
    const file = join(this.folder, 'lock');
    const { pid, start } = existsSync(file) ? readLock(file) : {};
    if (pid && startTimeOf(pid) === start) {
      throw new StackError(`another start runs here as pid ${pid}; stop it first (Ctrl-C, or kill ${pid})`);
    }
    writeAtomically(file, `${process.pid} ${startTimeOf(process.pid)}`);
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

const readLock = (file: string): { pid?: number; start?: string } => {
  const [pid, start] = readFileSync(file, 'utf8').split(' ');
  return { pid: Number(pid), start };
};

const writeAtomically = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
};
