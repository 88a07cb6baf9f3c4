import { conversationIdOf } from '@wiber/contracts';
import { leaderIdOf, primaryAddress } from '@wiber/evidence';
import { AppMetrics, eventually, type OwnSystem } from '@wiber/harness';
import type { ClockMove } from '../checker/clock.move.ts';
import { SORTS, type LogRow, type SendOutcome, type TopicRisk } from '../checker/observation.ts';
import type { RunFacts } from '../evidence/observe.ts';
import { whyUnsettled } from '../evidence/settling.ts';
import { drawCourse, type CourseKind } from '../nemesis/clocks/clock.course.ts';
import { MovingClock } from '../nemesis/clocks/moving.clock.ts';
import { PoisonProducer } from '../nemesis/kafka/poison.producer.ts';
import { TopicOperator } from '../nemesis/kafka/topic.operator.ts';
import { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { SendRequest } from '../workload/api.client.ts';
import type { LeaseTimes } from '../workers.ts';
import { LeaderWatch } from '../workload/leader.watch.ts';
import { Recorder } from '../workload/recorder.ts';
import { usersOf } from '../workload/workload.ts';

/** The number of concurrent requests of a burst: far below what a gateway can queue. */
const CONCURRENT_SENDS = 200;

/** Short: two workers may lead at the same time for some hundred milliseconds only. */
const WATCH_MS = 50;

type Tell = OwnSystem['tell'];
type Links = Pick<OwnSystem, 'cut' | 'delay' | 'heal'>;

/** A running system that a scenario uses. */
export interface ScenarioSystem {
  subject: Subject;
  /** URLs. */
  gateways: string[];
  /** The URL of an app, by its instance: ingest-1, … */
  urlOf: (instance: string) => string;
  tell: Tell;
  /** The URL of each metrics worker, by its instance. */
  workers: ReadonlyMap<string, string>;
  /** Undefined when the links between the processes cannot be cut. */
  links?: Links;
  /** Sets the clock of a server. Undefined when the servers were started without libfaketime. */
  setClock?: OwnSystem['setClock'];
  /** The folder of the hooks in the apps. Undefined when the apps were started without one. */
  hookFolder?: string;
}

/** What the steps of a scenario can do with the system. Every send and every read is recorded for the checker. */
export class ScenarioContext {
  readonly recorder: Recorder;
  readonly poison: PoisonProducer;
  readonly subject: Subject;
  /** The records of logs that the scenario deleted. */
  readonly earlierLogs: LogRow[][] = [];
  /** Whether apps said that a setting of the topic may lose messages. */
  readonly topicRisks: TopicRisk[] = [];
  private readonly clockMoves: ClockMove[] = [];
  private readonly system: ScenarioSystem;
  private readonly watch: { ttlMs: number; leaders: LeaderWatch } | undefined;
  private nextId = 0;

  /** @param times of the lease of the metrics workers; without them nobody looks at the workers */
  constructor(system: ScenarioSystem, times?: LeaseTimes) {
    const { subject, gateways, workers } = system;
    this.system = system;
    this.subject = subject;
    this.recorder = new Recorder(gateways);
    this.poison = new PoisonProducer(subject.kafka, subject.topic);
    const { recorder } = this;
    const plan = { workers, now: () => recorder.now, intervalMs: WATCH_MS };
    this.watch = times && { ttlMs: times.ttlMs, leaders: new LeaderWatch(plan) };
  }

  /** Kills, stops, starts, pauses or resumes a process by its name. A start resolves when all servers serve again. */
  tell(...[operation, name]: Parameters<Tell>): Promise<void> {
    return this.system.tell(operation, name);
  }

  /** Sends one message of a conversation, to the first gateway unless another is given. */
  send(conversation: number, request: Partial<SendRequest> & { gateway?: number } = {}): Promise<SendOutcome> {
    const id = this.nextId++;
    const [fromUser, toUser] = usersOf(conversation);
    return this.recorder.send({ id, gateway: 0, fromUser, toUser, content: `message ${id}`, ...request });
  }

  async sendAfter(pauseMs: number, conversation: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await this.send(conversation);
  }

  /** Sends new messages until one is acknowledged: a lane may need some time to recover. */
  async sendUntilAcked(conversation: number): Promise<void> {
    await eventually(
      async () => {
        const { type } = await this.send(conversation);
        if (type !== 'acked') throw new Error(`the send is ${type} although all servers are back`);
      },
      { within: 60_000 },
    );
  }

  /** Sends `count` messages of a conversation, many of them at the same time. */
  async burst(conversation: number, count: number): Promise<void> {
    for (let left = count; left > 0; left -= CONCURRENT_SENDS)
      await Promise.all(Array.from({ length: Math.min(left, CONCURRENT_SENDS) }, () => this.send(conversation)));
  }

  /** Reads a conversation in both sorts, again and again, until the work is done. */
  async readDuring(conversation: number, work: Promise<unknown>): Promise<void> {
    let running = true;
    const users = usersOf(conversation);
    const readLoop = async (reader: number): Promise<void> => {
      const sort = SORTS[reader % SORTS.length]!;
      const plan = { reader: `reader-${reader}`, users, sort, limit: 500, gateway: reader };
      while (running) {
        const walk = await this.recorder.walk(plan);
        if (!walk) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const readers = [readLoop(0), readLoop(1)];
    await work.finally(() => (running = false));
    await Promise.all(readers);
  }

  /** True when ingest handled every record in time. False is no failure: a correct system may be waiting for a server. */
  async settledWithin(ms: number): Promise<boolean> {
    return (await whyUnsettled(this.subject, ms)) === undefined;
  }

  /** True when the lanes were empty in time. False is no failure: a correct lane keeps what is not acknowledged. */
  laneEmptyWithin(ms: number): Promise<boolean> {
    const requireEmpty = async (): Promise<void> => {
      const depth = await this.laneDepth();
      if (depth > 0) throw new Error(`the lanes hold ${depth} messages`);
    };
    return eventually(requireEmpty, { within: ms }).then(
      () => true,
      () => false,
    );
  }

  /** How many messages the lanes of the first gateway hold. */
  async laneDepth(): Promise<number> {
    return (await AppMetrics.read(this.urlOf('gateway-1'))).sum('wiber_produce_lane_depth');
  }

  partitionOf(conversation: number): Promise<number> {
    return this.topic().partitionOf(conversationIdOf(...usersOf(conversation)));
  }

  async leaderOf(partition: number): Promise<string> {
    return `kafka-${await leaderIdOf(this.subject.kafka, this.subject.topic, partition)}`;
  }

  async primary(): Promise<string> {
    const address = await primaryAddress(this.subject.mongoUri);
    return this.subject.members.find((member) => member.address === address)!.id;
  }

  topic(name = this.subject.topic): TopicOperator {
    return new TopicOperator(this.subject.kafka, name);
  }

  urlOf(instance: string): string {
    return this.system.urlOf(instance);
  }

  /** The folder of the hooks in the apps. @throws Error when the apps were started without one */
  get hookFolder(): string {
    const { hookFolder } = this.system;
    if (hookFolder === undefined) throw new Error('these apps were started without a folder for their hooks');
    return hookFolder;
  }

  /** @throws Error when nobody looks at the metrics workers */
  get leaders(): LeaderWatch {
    if (!this.watch) throw new Error('this scenario does not look at its metrics workers');
    return this.watch.leaders;
  }

  get workers(): ReadonlyMap<string, string> {
    return this.system.workers;
  }

  /** @throws Error when the links of this system cannot be cut */
  get links(): Links {
    const { links } = this.system;
    if (!links) throw new Error('the links between these processes cannot be cut');
    return links;
  }

  /** Moves the clock of a server until it is set right. @throws Error when its clock cannot be set */
  moveClock(server: string, kind: CourseKind): MovingClock {
    const { setClock } = this.system;
    if (!setClock) throw new Error('the clocks of these servers cannot be set');
    const set = (offsetMs: number) => setClock(server, offsetMs);
    return new MovingClock({ process: server, course: drawCourse(kind, new Random(1)), set, moves: this.clockMoves });
  }

  /** What the checker must know beside what clients saw. Ends the watch of the metrics workers. */
  async facts(): Promise<RunFacts> {
    await this.watch?.leaders.stop();
    return {
      workers: this.watch && { ttlMs: this.watch.ttlMs, sightings: this.watch.leaders.sightings },
      poison: this.poison.rows,
      foreign: this.poison.foreign,
      earlierLogs: this.earlierLogs,
      topicRisks: this.topicRisks,
      clockMoves: this.clockMoves,
    };
  }

  async close(): Promise<void> {
    await this.watch?.leaders.stop();
    await this.poison.close();
    await this.recorder.close();
  }
}
