import { ClusterProbe, KafkaProbe, QuorumProbe, QuorumRefusedError, type SeenReplicas } from '@wiber/kafka';
import type { Kafka } from '@wiber/host';
import type { LeaderLook, LookPart, MemberLook } from '@wiber/contracts';
import {
  NoReplicaSetError,
  type LeaseReader,
  type MemberWatch,
  type PulseStore,
  type ShownLease,
  type StoreLook,
} from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { LeasePulse } from './lease.pulse.ts';
import { LookedPart } from './looked.part.ts';
import { PulseWatch } from './pulse.watch.ts';
import { knownEnds, type Seen, type SeenBrokers, type SeenOffsets } from './seen.ts';

/** From one question to the next for what changes rarely. */
const SELDOM_MS = 5000;

export interface ReaderPorts {
  kafka: Kafka;
  members: Pick<MemberWatch, 'look'>;
  leases: Pick<LeaseReader, 'show'>;
  letters: Pick<StoreLook, 'countOpen'>;
  pulses: Pick<PulseStore, 'watch' | 'beats' | 'sweep'>;
  topic: string;
  dlqTopic: string;
  group: string;
  lease: string;
}

const memberReasonOf = (error: unknown): string | undefined =>
  error instanceof NoReplicaSetError ? error.message : undefined;

const undefinedIf =
  (refusal: abstract new (...args: never[]) => Error) =>
  (error: unknown): undefined => {
    if (!(error instanceof refusal)) throw error;
  };

/** Reads what one look shows, over connections of its own to Kafka. It is made when somebody begins to look, and closed after. */
export class LookReader {
  private readonly cluster: ClusterProbe;
  private readonly offsets: KafkaProbe;
  private readonly quorum: QuorumProbe;
  private readonly replicas: LookedPart<SeenReplicas[]>;
  private readonly brokers: LookedPart<number[]>;
  private readonly controller: LookedPart<number | undefined>;
  private readonly seenOffsets: LookedPart<SeenOffsets>;
  private readonly members: LookedPart<MemberLook[]>;
  private readonly lease: LookedPart<{ leader: LeaderLook | undefined }>;
  private readonly letters: LookedPart<number>;
  private readonly pulses: LookedPart<void>;
  private readonly pulseWatch: PulseWatch;
  private offsetsNow: SeenOffsets | undefined;
  private offsetsBefore: SeenOffsets | undefined;

  constructor({ kafka, members, leases, letters, pulses, topic, dlqTopic, group, lease }: ReaderPorts) {
    const cluster = (this.cluster = new ClusterProbe(kafka));
    const probe = (this.offsets = new KafkaProbe(kafka));
    const pulse = new LeasePulse();
    this.replicas = new LookedPart({ server: 'Kafka', ask: (ms) => cluster.replicas(topic, ms) });
    const quorum = (this.quorum = new QuorumProbe(kafka));
    this.brokers = new LookedPart({
      server: 'Kafka',
      ask: async (ms) => (await cluster.brokers(ms)).brokers.map(({ id }) => id),
    });
    this.controller = new LookedPart({
      server: 'Kafka',
      // A user that may not describe the cluster does not see it. All else is there, so it is no unknown part.
      ask: (ms) => quorum.controller(ms).catch(undefinedIf(QuorumRefusedError)),
      everyMs: SELDOM_MS,
    });
    this.seenOffsets = new LookedPart({
      server: 'Kafka',
      ask: async (ms) => {
        const [ends, committed] = await Promise.all([probe.endsOf(topic, ms), probe.committed(group, topic, ms)]);
        const offsets = new Map(committed.map(({ partition, offset }) => [partition, offset]));
        return { at: monotonicNow(), ends: knownEnds(ends, this.offsetsNow?.ends), committed: offsets };
      },
    });
    this.members = new LookedPart({ server: 'MongoDB', ask: () => members.look(), reasonOf: memberReasonOf });
    this.lease = new LookedPart({
      server: 'MongoDB',
      ask: async (withinMs) => {
        const shown: ShownLease = await leases.show(lease, { limit: 1, withinMs });
        return { leader: pulse.leaderOf(shown) };
      },
    });
    const watch = (this.pulseWatch = new PulseWatch({ store: pulses, topic }));
    this.pulses = new LookedPart({ server: 'MongoDB', ask: (ms) => watch.look(ms) });
    this.letters = new LookedPart({
      server: 'MongoDB',
      ask: (ms) => letters.countOpen(dlqTopic, ms),
      everyMs: SELDOM_MS,
    });
  }

  /** Asks all parts at once. Never rejects: a part without an answer is in `unknown`. */
  async read(): Promise<Seen> {
    const parts = [
      this.pulses,
      this.replicas,
      this.brokers,
      this.controller,
      this.seenOffsets,
      this.members,
      this.lease,
      this.letters,
    ];
    await Promise.all(parts.map((part) => part.look()));
    this.keepOffsets();
    return {
      instances: this.pulseWatch.instances,
      latency: this.pulseWatch.latency,
      replicas: this.replicas.value ?? [],
      offsets: this.offsetsNow,
      offsetsBefore: this.offsetsBefore,
      brokers: this.seenBrokers,
      members: this.members.value ?? [],
      leader: this.lease.value?.leader,
      openDeadLetters: this.letters.value,
      unknown: this.unknown,
    };
  }

  async close(): Promise<void> {
    this.quorum.close();
    await Promise.all([this.cluster.close(), this.offsets.close()]);
  }

  private keepOffsets(): void {
    const { value } = this.seenOffsets;
    if (value === this.offsetsNow) return;
    this.offsetsBefore = this.offsetsNow;
    this.offsetsNow = value;
  }

  private get seenBrokers(): SeenBrokers | undefined {
    const { value: brokers } = this.brokers;
    return brokers && { brokers, controller: this.controller.value };
  }

  private get unknown(): Seen['unknown'] {
    const reasons: [LookPart, string | undefined][] = [
      ['pulses', this.pulses.reason ?? this.pulseWatch.reason],
      ['partitions', this.replicas.reason ?? this.seenOffsets.reason],
      ['brokers', this.brokers.reason],
      ['members', this.members.reason],
      ['leader', this.lease.reason],
      ['deadLetters', this.letters.reason],
    ];
    return reasons.flatMap(([part, reason]) => (reason === undefined ? [] : { part, reason }));
  }
}
