import { join } from 'node:path';
import { requireFreeSpace } from '../downloads/download.cache.ts';
import { kafkaServer, mongodServer } from '../downloads/server.binaries.ts';
import type { ServerSource } from '../downloads/server.source.ts';
import { Links } from '../faults/links.ts';
import { SettableClocks } from '../faults/settable.clocks.ts';
import { SmallDisks } from '../faults/small.disks.ts';
import { WrongClocks, findFaketime } from '../faults/wrong.clocks.ts';
import { kafkaProcesses } from '../kafka/kafka.processes.ts';
import { awaitKafka } from '../kafka/kafka.readiness.ts';
import { givenLogin, ownLogin } from '../kafka/kafka.security.ts';
import { MONGOD_OPTIONS } from '../mongo/mongod.options.ts';
import { mongodProcesses } from '../mongo/mongod.processes.ts';
import { awaitMongo, mongoUri } from '../mongo/replica.set.ts';
import { both } from '../processes/both.ts';
import { PortClaims } from '../processes/ports.ts';
import { requireOpenFiles } from '../processes/open.files.ts';
import { takeLock } from '../processes/start.lock.ts';
import { Supervisor, type ProcessSpec } from '../processes/supervisor.ts';
import { makeTemporaryFolder } from '../processes/temporary.folder.ts';
import { STACK_SETTINGS, isGiven, readSetting } from '../stack.env.ts';
import { appVariables, operatorVariables, type ClientVariables } from '../security/client.variables.ts';
import { serverSecrets, type ServerSecrets } from '../security/server.secrets.ts';
import { StackError } from '../stack.errors.ts';
import { RunFileKeeper, type AppRun, type RunFile } from './run.file.ts';
import { dataFolderOf, planNodes, startBytes, type ServerNodes } from './server.nodes.ts';
import type { ServerOptions } from './server.options.ts';
import { requireLinkable, requireOwnServers } from './server.requirements.ts';

const READY_WITHIN_MS = 60_000;

/** Real Kafka and MongoDB, and the apps beside them, under one supervisor. `run.json` lists what runs. */
export class Servers {
  readonly folder: string;
  readonly runFile: string;
  readonly supervisor: Supervisor;
  readonly ports = new PortClaims();
  readonly links: Links | undefined;
  readonly smallDisks: SmallDisks;
  readonly settableClocks: SettableClocks;
  private readonly clocks: WrongClocks;
  private readonly options: ServerOptions;
  // Read first: a wrong setting stops the start before anything is downloaded.
  private readonly topics = [
    {
      topic: readSetting(STACK_SETTINGS.topic),
      partitions: readSetting(STACK_SETTINGS.partitions),
      isNumberGiven: isGiven(STACK_SETTINGS.partitions),
    },
  ];
  private readonly names = {
    topic: readSetting(STACK_SETTINGS.topic),
    group: readSetting(STACK_SETTINGS.consumerGroup),
    database: readSetting(STACK_SETTINGS.database),
    collection: readSetting(STACK_SETTINGS.collection),
  };
  private readonly mongodOptions = { ...MONGOD_OPTIONS, cacheGb: readSetting(STACK_SETTINGS.mongodCacheGb) };
  private readonly runs: RunFileKeeper;
  private readonly startedApps: AppRun[] = [];
  private secrets: ServerSecrets | undefined;
  private nodes: ServerNodes = { kafka: [], mongo: [] };
  private starting: Promise<void> = Promise.resolve();

  /** @throws StackError when another start runs in this folder, its disk is full, or too few files may be open */
  constructor(options: ServerOptions) {
    this.options = options;
    requireOwnServers(options);
    requireOpenFiles();
    this.clocks = new WrongClocks(options.clocks);
    const faketime = options.settableClocks.length > 0 ? findFaketime() : undefined;
    // The reader of stdout or stderr may end first. Without a listener the error would end this process at once.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    this.folder = options.ephemeral ? makeTemporaryFolder('wiber-') : join(process.cwd(), '.wiber');
    const advice = options.ephemeral ? 'set TMPDIR to another folder' : 'put the clone elsewhere';
    requireFreeSpace(this.folder, advice, startBytes(options, this.folder));
    this.runFile = join(this.folder, 'run.json');
    if (!options.ephemeral) takeLock(join(this.folder, 'lock'));
    this.runs = new RunFileKeeper(this.runFile, () => this.currentRun);
    this.supervisor = new Supervisor(join(this.folder, 'logs'), () => this.runs.update());
    if (options.ephemeral) this.supervisor.removeAtEnd(this.folder);
    const log = join(this.folder, 'logs', 'links.log');
    this.links = options.links ? new Links({ log, pids: () => this.supervisor.pids }) : undefined;
    this.smallDisks = new SmallDisks(this.supervisor.lifeline);
    this.settableClocks = new SettableClocks(options.settableClocks, {
      folder: join(this.folder, 'clocks'),
      library: faketime,
    });
  }

  get apps(): readonly AppRun[] {
    return this.startedApps;
  }

  get mongoUri(): string {
    return readSetting(STACK_SETTINGS.mongoUri) || mongoUri(this.nodes.mongo);
  }

  get bootstrap(): string {
    const given = readSetting(STACK_SETTINGS.kafkaBootstrap);
    return given || this.nodes.kafka.map(({ port }) => `127.0.0.1:${port}`).join(',');
  }

  /** What an app needs to log in. */
  get appVariables(): ClientVariables {
    return appVariables(this.secrets, this.nodes);
  }

  /** The same for a program that looks at the servers or breaks them. */
  get operatorVariables(): ClientVariables {
    return operatorVariables(this.secrets);
  }

  /** Downloads and starts the servers. When `stop` is called meanwhile, this rejects. */
  start(): Promise<void> {
    this.starting = this.startAll();
    return this.starting;
  }

  startApp(app: AppRun, spec: ProcessSpec): void {
    this.startedApps.push(app);
    this.supervisor.start(this.clocks.apply(spec));
  }

  /** Ends the gateways first, so that ingest still stores what they accepted. The servers end last, all at once. */
  stop(): Promise<void> {
    const instancesOf = (app: string) => this.apps.filter(({ name }) => name === app).map(({ instance }) => instance);
    return this.end(() => [...['gateway', 'ingest', 'metrics'].map(instancesOf), this.allNodes.map(({ id }) => id)]);
  }

  /** Ends what nobody needs any more. Nothing of an ephemeral stack is kept, so its processes are killed, all at once. */
  discard(): Promise<void> {
    return this.options.ephemeral ? this.end(() => []) : this.stop();
  }

  /** Waits until Kafka and MongoDB serve, for example after a server was started again. */
  async awaitServing(): Promise<void> {
    await Promise.all([this.awaitKafka(), this.awaitMongo()]);
  }

  private get allNodes(): { id: string; folder: string }[] {
    return [...this.nodes.kafka, ...this.nodes.mongo];
  }

  /** Ends these groups of processes in order, then kills all others. `orderOf` is called once nothing is started any more. */
  private async end(orderOf: () => string[][]): Promise<void> {
    this.supervisor.abort();
    await this.starting.catch(() => undefined);
    await this.supervisor.stop(orderOf());
    this.runs.close();
    this.links?.close();
  }

  private async startAll(): Promise<void> {
    const { lifeline } = this.supervisor;
    const [kafka, mongod] = await both(
      readSetting(STACK_SETTINGS.kafkaBootstrap) ? undefined : kafkaServer(lifeline),
      readSetting(STACK_SETTINGS.mongoUri) ? undefined : mongodServer(lifeline),
    );
    requireLinkable(this.options, [kafka, mongod]);
    const { options, folder, ports, links } = this;
    this.nodes = await planNodes({ options, folder, ports, links });
    this.settableClocks.requireAmong(this.allNodes.map(({ id }) => id));
    await this.mountDisks();
    if (options.secure) this.secrets = await serverSecrets(join(folder, dataFolderOf(options), 'secrets'));
    await both(this.startKafka(kafka), this.startMongo(mongod));
  }

  private async startKafka(source: ServerSource | undefined): Promise<void> {
    const { supervisor } = this;
    const specs = source
      ? await kafkaProcesses(this.nodes.kafka, source, { lifeline: supervisor.lifeline, secrets: this.secrets })
      : [];
    for (const spec of specs) supervisor.start(this.withClock(spec));
    await this.awaitKafka();
  }

  private awaitKafka(): Promise<void> {
    // Ingest makes the dead-letter topic: only ingest knows how large its records may be.
    const { topics } = this;
    const addresses = this.bootstrap.split(',');
    const started = this.nodes.kafka.length || undefined;
    const { signal } = this.supervisor.lifeline;
    return this.supervisor.awaitUp(
      this.nodes.kafka.map(({ id }) => id),
      awaitKafka({
        addresses,
        started,
        topics,
        login: started ? ownLogin(this.secrets) : givenLogin(),
        withinMs: READY_WITHIN_MS,
        signal,
      }),
    );
  }

  private async startMongo(source: ServerSource | undefined): Promise<void> {
    const specs = source ? mongodProcesses(this.nodes.mongo, source, this.mongodPlan) : [];
    for (const spec of specs) this.supervisor.start(this.withClock(spec));
    await this.awaitMongo();
  }

  private withClock(spec: ProcessSpec): ProcessSpec {
    return this.settableClocks.apply(this.clocks.apply(spec));
  }

  private get mongodPlan(): Parameters<typeof mongodProcesses>[2] {
    return { options: this.mongodOptions, secrets: this.secrets };
  }

  private async awaitMongo(): Promise<void> {
    const { mongo } = this.nodes;
    if (mongo.length === 0) return;
    const { signal } = this.supervisor.lifeline;
    const names = mongo.map(({ id }) => id);
    await this.supervisor.awaitUp(
      names,
      awaitMongo(mongo, { withinMs: READY_WITHIN_MS, signal, secrets: this.secrets }),
    );
  }

  private async mountDisks(): Promise<void> {
    const names = this.allNodes.map(({ id }) => id);
    const unknown = this.options.smallDisks.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new StackError(`--small-disks names ${unknown}; there are ${names.join(', ')}`);
    for (const { id, folder } of this.allNodes)
      if (this.options.smallDisks.includes(id)) await this.smallDisks.mount(id, folder);
    if (this.smallDisks.refusal) process.stderr.write(`wiber: small_disk_refused: ${this.smallDisks.refusal}\n`);
  }

  private get currentRun(): RunFile {
    const pidOf = (name: string) => this.supervisor.pidOf(name);
    const serverRun = ({ id, port }: { id: string; port: number }) => {
      return { id, pid: pidOf(id), address: `127.0.0.1:${port}` };
    };
    return {
      names: this.names,
      ...(this.secrets ? { login: this.operatorVariables } : {}),
      apps: this.apps.map((app) => ({ ...app, pid: pidOf(app.instance) })),
      kafka: this.nodes.kafka.map(serverRun),
      mongo: this.nodes.mongo.map(serverRun),
    };
  }
}
