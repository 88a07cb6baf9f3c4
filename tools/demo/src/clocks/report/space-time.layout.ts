import type { ClocksRun } from '../clocks.run.ts';
import { AHEAD, BEHIND } from '../clocks.plan.ts';
import { sendsOf, type Act, type SendAct } from '../talk/act.ts';
import { ALICE, BOB } from '../talk/talk.script.ts';
import { numbersOf } from './act.line.ts';

/** The lines of the diagram, from left to right. */
export const LANES = [ALICE, AHEAD, 'log', BEHIND, BOB] as const;
export type Lane = (typeof LANES)[number];

/** An event: its line, and its rank among all events in time, from 0. */
export interface Point {
  lane: Lane;
  rank: number;
}

/** The way of a message: sent, accepted by a gateway, appended to the log, and read by the other. */
export interface MessagePath {
  number: number;
  by: string;
  text: string;
  /** By the clock of its gateway, milliseconds since the epoch. */
  timestamp: number;
  lamport: number;
  /** In the partition, where the sender was told. */
  offset: number | undefined;
  sent: Point;
  accepted: Point;
  appended: Point;
  /** Where the other's gateway gave it, and where the other saw it. */
  read?: { given: Point; seen: Point };
  /** It answers a message that the order by timestamp shows behind it. */
  isInverted: boolean;
}

/** The other's way from reading a message to sending an answer that `timestamp` shows before the message. */
export interface InvertedAnswer {
  question: MessagePath;
  answer: MessagePath;
}

export interface SpaceTime {
  events: number;
  paths: readonly MessagePath[];
  inverted: readonly InvertedAnswer[];
}

interface TimedEvent {
  lane: Lane;
  at: number;
}

type PictureSource = Pick<ClocksRun, 'acts' | 'moments' | 'verdict'>;

const SIDES = { [ALICE]: { gateway: AHEAD }, [BOB]: { gateway: BEHIND } } as const;
const sideOf = (name: string) => SIDES[name as keyof typeof SIDES];

const within = (value: number, [low, high]: readonly [number, number]): number => Math.min(Math.max(value, low), high);

/** Clocks have whole milliseconds: the two moments in the middle are moved between those that the sender has measured. */
const momentsOf = ({ message, from, to }: SendAct, { moments }: PictureSource) => {
  const { accepted, appended: appendedAt } = moments.get(message.messageId)!;
  const appended = within(appendedAt, [from, to]);
  return { sent: from, accepted: within(accepted, [from, appended]), appended };
};

/** Ranks events by time; of events at one time, those that were added first come first. */
class Timeline {
  private readonly events: TimedEvent[] = [];

  add(lane: Lane, at: number): TimedEvent {
    const event = { lane, at };
    this.events.push(event);
    return event;
  }

  ranks(): Map<TimedEvent, Point> {
    const sorted = this.events.toSorted((a, b) => a.at - b.at);
    return new Map(sorted.map((event, rank) => [event, { lane: event.lane, rank }]));
  }
}

/** The first read of each message, by its two events. */
const addReads = (acts: readonly Act[], timeline: Timeline, appended: ReadonlyMap<string, TimedEvent>) => {
  const reads = new Map<string, { given: TimedEvent; seen: TimedEvent }>();
  for (const act of acts) {
    if (act.type !== 'read') continue;
    const latest = Math.max(...act.seen.map((id) => appended.get(id)?.at ?? 0));
    const seenAt = Math.max(act.to, latest);
    const given = timeline.add(sideOf(act.by).gateway, within((act.from + act.to) / 2, [latest, seenAt]));
    const seen = timeline.add(act.by as Lane, seenAt);
    for (const id of act.seen) reads.set(id, { given, seen });
  }
  return reads;
};

/** Places every event of a talk of Alice and Bob. */
export const spaceTimeOf = (source: PictureSource): SpaceTime => {
  const timeline = new Timeline();
  const sends = sendsOf(source.acts).map((sent) => {
    const at = momentsOf(sent, source);
    const points = {
      sent: timeline.add(sent.by as Lane, at.sent),
      accepted: timeline.add(sideOf(sent.by).gateway, at.accepted),
      appended: timeline.add('log', at.appended),
    };
    return { sent, points };
  });
  const appended = new Map(sends.map(({ sent, points }) => [sent.message.messageId, points.appended]));
  const reads = addReads(source.acts, timeline, appended);
  const ranks = timeline.ranks();
  const numbers = numbersOf(source.acts);
  const pairs = invertedAnswersIn(source);
  const paths = new Map<string, MessagePath>();
  for (const { sent, points } of sends) {
    const { messageId, content, timestamp, lamport } = sent.message;
    const read = reads.get(messageId);
    paths.set(messageId, {
      ...{
        number: numbers.get(messageId)!,
        by: sent.by,
        text: content,
        timestamp,
        lamport,
        offset: sent.place?.offset,
      },
      ...{
        sent: ranks.get(points.sent)!,
        accepted: ranks.get(points.accepted)!,
        appended: ranks.get(points.appended)!,
      },
      ...(read ? { read: { given: ranks.get(read.given)!, seen: ranks.get(read.seen)! } } : {}),
      isInverted: pairs.some(({ effect }) => effect === messageId),
    });
  }
  const inverted = pairs.map(({ cause, effect }) => ({ question: paths.get(cause)!, answer: paths.get(effect)! }));
  return { events: ranks.size, paths: [...paths.values()], inverted };
};

/** The inversions of timestamp order whose effect answers its cause. */
const invertedAnswersIn = ({ verdict }: PictureSource): { cause: string; effect: string }[] =>
  (verdict.orders.find(({ sort }) => sort === 'timestamp')?.inversions ?? []).filter(({ cause, effect }) =>
    verdict.pasts.get(effect)?.answered.includes(cause),
  );
