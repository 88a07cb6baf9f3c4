import type { CountedTimes, InstanceLook, InstanceStatus, Pulse, PulseApp } from '@wiber/contracts';
import { allTimes, latencyIn, timesBetween } from './counted.times.ts';
import type { SeenInstances } from './seen.ts';

/** A pulse is due each second. Times are milliseconds by the clock of the one who looks. */
export const SILENT_AFTER_MS = 2500;
export const GONE_AFTER_MS = 10_000;
/** So long a process that is gone is shown. */
export const SHOWN_GONE_MS = 60_000;
/** So long after the last pulse that says so a name counts as shared: not each process that shares it has noticed. */
export const SHARED_LASTS_MS = 5000;

interface Heard {
  pulse: Pulse;
  /** The one before, of the same process. */
  before: Pulse | undefined;
  /** Undefined while there is only the pulse of the first read: it may be of a process that is gone. */
  heardAt: number | undefined;
  /** How long it was silent while others could be heard. */
  silentMs: number;
  /** How long ago a pulse said that another process has the same name, in such time as well. */
  sharedMs: number;
}

/**
 * Which processes live, by their pulses: whose number grows. No clock of another machine counts, and no time in which the
 * pulses could not be read.
 */
export class PulseBoard {
  private readonly heard = new Map<string, Heard>();
  private readAt: number | undefined;
  private hasRead = false;

  /** Takes the pulses of one read. */
  hear(pulses: readonly Pulse[], now: number): void {
    const elapsed = this.readAt === undefined ? 0 : now - this.readAt;
    this.readAt = now;
    for (const one of this.heard.values()) {
      one.silentMs += elapsed;
      one.sharedMs += elapsed;
    }
    for (const pulse of pulses) this.hearOne(pulse, now);
    this.hasRead = true;
    for (const [key, { silentMs }] of this.heard) if (silentMs > GONE_AFTER_MS + SHOWN_GONE_MS) this.heard.delete(key);
  }

  /** The pulses could not be read: nothing is known of this time. */
  hearNothing(): void {
    this.readAt = undefined;
  }

  /** Those that were heard, by name. */
  instances(now: number): SeenInstances {
    const of = <App extends PulseApp>(app: App) =>
      [...this.heard.values()]
        .filter(({ pulse, heardAt }) => pulse.app === app && heardAt !== undefined)
        .sort((one, other) => (one.pulse.instance < other.pulse.instance ? -1 : 1))
        .map((one) => ({ one, look: this.lookOf(one, now) }));
    return {
      gateways: of('gateway').map(({ one, look }) => ({ ...look, ...gatewayOf(one) })),
      ingests: of('ingest').map(({ one, look }) => ({ ...look, ...ingestOf(one) })),
      workers: of('metrics').map(({ one, look }) => ({ ...look, ...workerOf(one) })),
    };
  }

  /** The times from accepted to stored of all that were heard lately. */
  get latency(): CountedTimes | undefined {
    const fresh = [...this.heard.values()].filter(({ silentMs }) => silentMs < SILENT_AFTER_MS);
    return allTimes(fresh.flatMap((one) => timesOf(one) ?? []));
  }

  private hearOne(pulse: Pulse, now: number): void {
    const key = `${pulse.app}/${pulse.instance}`;
    const known = this.heard.get(key);
    if (!known) {
      const heardAt = this.hasRead ? now : undefined;
      // That of the first read may be old.
      const sharedMs = this.hasRead && pulse.isShared ? 0 : Infinity;
      return void this.heard.set(key, { pulse, before: undefined, heardAt, silentMs: 0, sharedMs });
    }
    const isSame = known.pulse.process === pulse.process;
    if (isSame && pulse.sequence <= known.pulse.sequence) return;
    const sharedMs = pulse.isShared ? 0 : known.sharedMs;
    this.heard.set(key, { pulse, before: isSame ? known.pulse : undefined, heardAt: now, silentMs: 0, sharedMs });
  }

  private lookOf({ pulse, before, heardAt, silentMs, sharedMs }: Heard, now: number): InstanceLook {
    const { instance, upMs, rssBytes, cpuMs, breakers } = pulse;
    const elapsed = before ? upMs - before.upMs : 0;
    return {
      instance,
      status: this.readAt === undefined ? 'unknown' : statusOf(pulse, silentMs),
      isShared: sharedMs <= SHARED_LASTS_MS,
      ageMs: Math.round(now - (heardAt ?? now)),
      upMs,
      rssBytes,
      cpuRatio: elapsed > 0 ? Math.round(((cpuMs - before!.cpuMs) / elapsed) * 1000) / 1000 : 0,
      breakers,
    };
  }
}

const statusOf = ({ isStopping }: Pulse, silentMs: number): InstanceStatus => {
  if (silentMs <= SILENT_AFTER_MS) return isStopping ? 'stopping' : 'up';
  return isStopping || silentMs > GONE_AFTER_MS ? 'gone' : 'silent';
};

type FiguresOf<App extends PulseApp> = Extract<Pulse, { app: App }>['figures'];

/** What a counter grew each second between the two pulses, by the clock of their sender; 0 before there are two. */
const perSecond = <App extends PulseApp>(
  { pulse, before }: Heard,
  counterOf: (figures: FiguresOf<App>) => number,
): number => {
  const elapsed = before ? pulse.upMs - before.upMs : 0;
  if (!before || elapsed <= 0) return 0;
  const grown = counterOf(pulse.figures as FiguresOf<App>) - counterOf(before.figures as FiguresOf<App>);
  return Math.round((Math.max(0, grown) / elapsed) * 10_000) / 10;
};

const gatewayOf = (heard: Heard) => {
  const { waiting, queued } = heard.pulse.figures as FiguresOf<'gateway'>;
  return {
    acceptedPerSecond: perSecond<'gateway'>(heard, ({ accepted }) => accepted),
    refusedPerSecond: perSecond<'gateway'>(heard, ({ refused }) => refused),
    waiting,
    queued,
  };
};

const ingestOf = (heard: Heard) => {
  const { hasJoined, partitions, pausedPartitions } = heard.pulse.figures as FiguresOf<'ingest'>;
  const times = timesOf(heard);
  const latency = times && latencyIn(times);
  return {
    hasJoined,
    partitions,
    pausedPartitions,
    storedPerSecond: perSecond<'ingest'>(heard, ({ stored }) => stored),
    deadLetteredPerSecond: perSecond<'ingest'>(heard, ({ deadLettered }) => deadLettered),
    ...(latency ? { latency } : {}),
  };
};

const timesOf = ({ pulse, before }: Heard): CountedTimes | undefined =>
  pulse.app === 'ingest' && before?.app === 'ingest'
    ? timesBetween(before.figures.latency, pulse.figures.latency)
    : undefined;

const workerOf = ({ pulse }: Heard) => {
  const { leads, term } = pulse.figures as FiguresOf<'metrics'>;
  return { leads, ...(term === undefined ? {} : { term }) };
};
