import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import pLimit from 'p-limit';
import { ClockPair, type Clocks } from './clock.pair.ts';
import type { NtpRefusal } from './ntp.refusal.ts';
import type { NtpServer } from './ntp.server.ts';
import { OffsetAlarm, type AlarmEvents, type ClockOffset, type ClockState } from './offset.alarm.ts';
import { ServerWatch, type NtpServerState, type WatchPorts } from './server.watch.ts';

/** How long DNS, and then the server, may take to answer. */
const DEADLINE_MS = 2000;

export interface NtpMonitorEvents extends AlarmEvents {
  /** Called for each refusal: a caller that logs must bound its lines. */
  onRefused: (server: NtpServer, reason: NtpRefusal) => void;
}

export interface NtpMonitorOptions {
  servers: readonly NtpServer[];
  /** From one question to a server to the next. RFC 4330, section 10, forbids less than 15 s outside of tests. */
  periodMs: number;
  /** How far the clock may be off before it counts as degraded. */
  warnMs: number;
  clocks: Clocks;
  events: NtpMonitorEvents;
  deadlineMs?: number;
  random?: () => number;
  lookup?: WatchPorts['lookup'];
}

/**
 * Asks NTP servers how far this machine's clock is off. It asks, shows and warns; it never sets the clock. The offset of all
 * servers is their median, so that a minority that lies changes nothing.
 */
export class NtpMonitor {
  private readonly watches: readonly ServerWatch[];
  private readonly alarm: OffsetAlarm;
  private readonly ended = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(options: NtpMonitorOptions) {
    const { servers, periodMs, warnMs, events, clocks, deadlineMs = DEADLINE_MS, random = Math.random } = options;
    // One at a time: lookups use the threads of libuv, and all of them could hang.
    const limit = pLimit(1);
    const resolve = options.lookup ?? ((host: string) => lookup(host, { all: true }));
    this.alarm = new OffsetAlarm(warnMs, events);
    const ports: WatchPorts = {
      clocks: new ClockPair(clocks),
      random,
      randomBytes,
      lookup: (host) => limit(() => resolve(host)),
      onRefused: (server, reason) => events.onRefused(server, reason),
      onAsked: () => this.alarm.note(this.offset),
    };
    this.watches = servers.map((server) => new ServerWatch(server, { periodMs, deadlineMs, ports }));
  }

  start(): void {
    this.running = Promise.all(this.watches.map((watch) => watch.run(this.ended.signal)));
  }

  /** Resolves once nothing is asked any more and no socket is open. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.running;
  }

  get servers(): NtpServerState[] {
    return this.watches.map((watch) => watch.state);
  }

  /**
   * How far this machine's clock is behind: the median of the servers whose offset is known. Its error is that of the server in
   * the middle, or the larger one of the two.
   */
  get offset(): ClockOffset | undefined {
    const known = this.servers.flatMap(({ offsetMs, errorMs }) =>
      offsetMs === undefined || errorMs === undefined ? [] : { offsetMs, errorMs },
    );
    known.sort((a, b) => a.offsetMs - b.offsetMs);
    const [lower, upper] = [known[(known.length - 1) >> 1], known[known.length >> 1]];
    if (lower === undefined || upper === undefined) return undefined;
    return { offsetMs: (lower.offsetMs + upper.offsetMs) / 2, errorMs: Math.max(lower.errorMs, upper.errorMs) };
  }

  get state(): ClockState {
    return this.alarm.stateOf(this.offset);
  }
}
