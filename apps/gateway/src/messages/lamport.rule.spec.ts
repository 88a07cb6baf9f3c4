import { LamportClock, readCommitNote } from '@wiber/contracts';
import { LamportNotes } from '@wiber/kafka';
import fc from 'fast-check';
import { ClientTimes } from './client.times.ts';
import { ClockStart } from './clock.start.ts';
import { ModelLog } from './model.log.double-spec.ts';

const RUNS = 10_000;
const PARTITIONS = 2;
const GATEWAYS = 3;
const MEMBERS = 2;
const CLIENTS = 3;
const TOPIC = 'chat';
const TIME = '68f0a1b200000001';

/** A gateway as it runs: all that it knows ends with it. */
interface Gateway {
  clock: LamportClock;
  times: ClientTimes;
  /** Sent and not acknowledged: a broker may append them later, also when the gateway is gone. */
  inFlight: { partition: number; lamport: number }[];
}

/**
 * The real clock, client times, start and notes over a log in memory. What is stored is what ingest has committed: a stored
 * message is in the log, so a read of the log's first part is a read of the store.
 */
class World {
  readonly log = new ModelLog(PARTITIONS);
  private readonly gateways: Gateway[] = [];
  private members: LamportNotes[] = [];
  /** The largest time that each client has seen: in an answer to a send or to a read. */
  private readonly seen = new Array<number>(CLIENTS).fill(0);
  /** The largest time that was acknowledged, by gateway, over all its lives. */
  private readonly acknowledged = new Array<number>(GATEWAYS).fill(0);

  static async begin(): Promise<World> {
    const world = new World();
    for (let n = 0; n < GATEWAYS; n += 1) await world.restart(n);
    for (let n = 0; n < MEMBERS; n += 1) world.replaceMember(n);
    return world;
  }

  async restart(gateway: number): Promise<void> {
    // Its last requests are still under way.
    const { inFlight = [] } = this.gateways[gateway] ?? {};
    const clock = new LamportClock();
    const { probe, fetcher } = this.log;
    const logger = { info: () => undefined, warn: () => undefined } as never;
    // MongoDB is away: the log alone must do.
    await new ClockStart({ topic: TOPIC, group: 'g', probe, fetcher, clock, hasSeenStore: () => false, logger }).run(
      () => false,
    );
    expect(clock.now).toBeGreaterThanOrEqual(Math.max(...this.acknowledged));
    this.gateways[gateway] = { clock, times: new ClientTimes(clock), inFlight };
  }

  send({ gateway, client, partition, fate }: Send): void {
    const { clock, times, inFlight } = this.gateways[gateway]!;
    times.follow(this.seen[client]!);
    const lamport = clock.tick();
    // Causal: behind all that the client has seen. Monotonic: behind all that this gateway has acknowledged, in each of its lives.
    expect(lamport).toBeGreaterThan(this.seen[client]!);
    expect(lamport).toBeGreaterThan(this.acknowledged[gateway]!);
    if (fate === 'refused') return;
    if (fate === 'unknown') return void inFlight.push({ partition, lamport });
    this.log.append(partition, lamport);
    this.acknowledged[gateway] = lamport;
    this.seen[client] = lamport;
  }

  appendLate(gateway: number): void {
    const late = this.gateways[gateway]!.inFlight.shift();
    if (late) this.log.append(late.partition, late.lamport);
  }

  /** A page of what is stored of a partition. The token of the answer is what the client has seen. */
  read({ gateway, client, partition }: Pick<Send, 'gateway' | 'client' | 'partition'>): void {
    const stored = this.log.records[partition]!.slice(0, this.log.committed.get(partition)?.offset ?? 0);
    const { clock } = this.gateways[gateway]!;
    clock.observe(Math.max(0, ...stored));
    this.seen[client] = Math.max(this.seen[client]!, clock.now);
  }

  async ingest({ member, partition, count, fate }: Ingest): Promise<void> {
    const from = this.log.committed.get(partition)?.offset ?? 0;
    const records = this.log.records[partition]!.slice(from, from + count);
    if (records.length > 0) {
      const next = from + records.length;
      const consumed = {
        batch: { topic: TOPIC, partition, takenAt: 1, records: [] },
        fetchedFrom: from,
        nextOffset: String(next),
      };
      const note = await this.members[member]!.noteOf(consumed, { time: TIME, lamport: Math.max(...records) });
      expect(readCommitNote(note ?? null).lamport).toBe(Math.max(...this.log.records[partition]!.slice(0, next)));
      if (fate === 'commits') this.log.commit(partition, next, note ?? null);
    }
    if (fate === 'ends') this.replaceMember(member);
  }

  private replaceMember(member: number): void {
    const { committed } = this.log.probe;
    const earlier = () => Promise.reject(new Error('MongoDB is away'));
    this.members[member] = new LamportNotes({ topic: TOPIC, committed, earlier });
  }
}

interface Send {
  gateway: number;
  client: number;
  partition: number;
  fate: 'acknowledged' | 'unknown' | 'refused';
}

interface Ingest {
  member: number;
  partition: number;
  count: number;
  fate: 'commits' | 'fails' | 'ends';
}

const gateway = fc.nat(GATEWAYS - 1);
const client = fc.nat(CLIENTS - 1);
const partition = fc.nat(PARTITIONS - 1);
type Step = (world: World) => void | Promise<void>;

const send = (fate: fc.Arbitrary<Send['fate']>): fc.Arbitrary<Step> =>
  fc.record({ gateway, client, partition, fate }).map((one) => (world) => world.send(one));
const read: fc.Arbitrary<Step> = fc.record({ gateway, client, partition }).map((one) => (world) => world.read(one));
const restart: fc.Arbitrary<Step> = gateway.map((one) => (world) => world.restart(one));
const late: fc.Arbitrary<Step> = gateway.map((one) => (world) => world.appendLate(one));
const ingest: fc.Arbitrary<Step> = fc
  .record({
    member: fc.nat(MEMBERS - 1),
    partition,
    count: fc.integer({ min: 1, max: 4 }),
    fate: fc.constantFrom('commits' as const, 'commits' as const, 'fails' as const, 'ends' as const),
  })
  .map((one) => (world) => world.ingest(one));

const stepsOf = (...kinds: fc.Arbitrary<Step>[]) => fc.array(fc.oneof(...kinds), { maxLength: 30 });
const runAll = (steps: fc.Arbitrary<Step[]>) =>
  fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = await World.begin();
      for (const step of all) await step(world);
    }),
    { numRuns: RUNS },
  );

const acknowledged = send(fc.constant('acknowledged'));
const anyFate = send(fc.constantFrom('acknowledged' as const, 'unknown' as const, 'refused' as const));

test('at one gateway each message has a larger time than those before, and at any gateway a larger one than all that its client has seen', () =>
  runAll(stepsOf(acknowledged, acknowledged, read, ingest)));

test('a gateway that starts anew, at any point of any interleaving of sends, acknowledgements and stores, goes on behind all acknowledged messages', () =>
  runAll(stepsOf(anyFate, anyFate, read, ingest, restart, late)));
