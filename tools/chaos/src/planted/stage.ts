import { conversationIdOf } from '@wiber/contracts';
import { leaderIdOf, primaryAddress } from '@wiber/evidence';
import { eventually, type OwnSystem } from '@wiber/harness';
import { SORTS, type SendOutcome } from '../checker/observation.ts';
import { untilSettled } from '../evidence/observe.ts';
import { Random } from '../random.ts';
import { POISON_KINDS, PoisonProducer, poisonOf } from '../tamper/poison.producer.ts';
import type { Subject } from '../subject.ts';
import { TopicTamper } from '../tamper/topic.tamper.ts';
import type { SendRequest } from '../workload/api.client.ts';
import { Recorder } from '../workload/recorder.ts';
import { usersOf } from '../workload/workload.ts';

/** How many requests a burst has under way at once: well under what a gateway queues. */
const AT_ONCE = 200;

export interface Isolation {
  away: 'kill' | 'pause';
  back: 'start' | 'resume';
  meanwhile: () => Promise<unknown>;
  /** Who leads now, by name. */
  replaced: () => Promise<string>;
}

export type Tell = OwnSystem['tell'];

/** Where a scenario is played: a running system, and what can be done to its processes. */
export interface Ground {
  subject: Subject;
  gateways: string[];
  tell: Tell;
}

/** What a scenario acts with: a system, one who sends and reads, and the means to break things in order. */
export class Stage {
  readonly recorder: Recorder;
  readonly poison: PoisonProducer;
  readonly subject: Subject;
  private readonly ground: Ground;
  private nextId = 0;

  constructor(ground: Ground) {
    const { subject, gateways } = ground;
    this.ground = ground;
    this.subject = subject;
    this.recorder = new Recorder(gateways);
    this.poison = new PoisonProducer(subject.kafka, subject.topic);
  }

  /** Kills, stops, starts, pauses or resumes a process by its name; a start resolves when all servers serve again. */
  tell(...[op, name]: Parameters<Tell>): Promise<void> {
    return this.ground.tell(op, name);
  }

  /** One message of a conversation, to the gateway of this number. */
  send(conversation: number, request: Partial<SendRequest> & { gateway?: number } = {}): Promise<SendOutcome> {
    const id = this.nextId++;
    const [fromUser, toUser] = usersOf(conversation);
    return this.recorder.send({ id, gateway: 0, fromUser, toUser, content: `message ${id}`, ...request });
  }

  /** Sends until one is acknowledged: a lane may take some time to recover. */
  async untilAcked(conversation: number): Promise<void> {
    await eventually(
      async () => {
        const { type } = await this.send(conversation);
        if (type !== 'acked') throw new Error(`the send is ${type} although all servers are back`);
      },
      { within: 60_000 },
    );
  }

  /** So many messages of a conversation, many at once. */
  async burst(conversation: number, count: number): Promise<void> {
    for (let left = count; left > 0; left -= AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, () => this.send(conversation)));
  }

  /** Reads a conversation over and over, in either sort, while something goes on. */
  async reading(conversation: number, work: Promise<unknown>): Promise<void> {
    let going = true;
    const users = usersOf(conversation);
    const reader = async (number: number): Promise<void> => {
      const sort = SORTS[number % SORTS.length]!;
      const plan = { reader: `reader-${number}`, users, sort, limit: 500, gateway: number };
      while (going) {
        const walk = await this.recorder.walk(plan);
        if (!walk) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const readers = [reader(0), reader(1)];
    await work.finally(() => (going = false));
    await Promise.all(readers);
  }

  /** One poison record of each kind, in the conversation; its first message must be acknowledged. */
  async poisonAll(conversation: number): Promise<void> {
    const [fromUser, toUser] = usersOf(conversation);
    const first = this.recorder.sends.find((send) => send.fromUser === fromUser && send.outcome.type === 'acked');
    if (first?.outcome.type !== 'acked') throw new Error(`nothing of ${fromUser} is acknowledged, so no id is used`);
    const used = { fromUser, toUser, messageId: first.outcome.messageId };
    for (const kind of POISON_KINDS) await this.poison.append(poisonOf(kind, used, new Random(1)));
  }

  /** True when ingest has dealt with all of the log in time; a sound system may well not have, and that is no failure. */
  storedWithin(ms: number): Promise<boolean> {
    return untilSettled(this.subject, ms).then(
      () => true,
      () => false,
    );
  }

  /** True when the gateway holds no message any more; a sound one may well hold on to what is not acknowledged. */
  laneEmptyWithin(ms: number): Promise<boolean> {
    const [url] = this.ground.gateways;
    const look = async (): Promise<void> => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const depth = /^wiber_produce_lane_depth(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
      if (depth !== '0') throw new Error(`${depth} messages are under way`);
    };
    return eventually(look, { within: ms }).then(
      () => true,
      () => false,
    );
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

  topic(name = this.subject.topic): TopicTamper {
    return new TopicTamper(this.subject.kafka, name);
  }

  /** The one dies after `meanwhile` happened without the others, and comes back only when one of these has replaced it. */
  async leaveAlone(one: string, others: string[], { away, back, meanwhile, replaced }: Isolation): Promise<void> {
    await Promise.all(others.map((name) => this.tell(away, name)));
    await meanwhile();
    await this.tell('kill', one);
    const returned = others.map((name) => this.tell(back, name));
    await eventually(
      async () => {
        const now = await replaced();
        if (!others.includes(now)) throw new Error(`${now} is still taken for the first`);
      },
      { within: 60_000 },
    );
    await Promise.all([...returned, this.tell('start', one)]);
  }

  async close(): Promise<void> {
    await this.poison.close();
    await this.recorder.close();
  }
}
