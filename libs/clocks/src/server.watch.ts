import { isIP } from 'node:net';
import { delay, singleFlight, withDeadline } from '@wiber/resilience';
import { ClockFilter } from './clock.filter.ts';
import type { ClockPair } from './clock.pair.ts';
import { askOnce, type ExchangeEnd } from './ntp.exchange.ts';
import { STAMP_BYTES } from './ntp.packet.ts';
import type { NtpRefusal } from './ntp.refusal.ts';
import type { NtpServer } from './ntp.server.ts';
import { PollPlan } from './poll.plan.ts';

export interface NtpAddress {
  address: string;
  family: number;
}

export interface WatchPorts {
  clocks: ClockPair;
  /** Uniform in [0, 1). */
  random: () => number;
  randomBytes: (count: number) => Buffer;
  /** All addresses of a name. */
  lookup: (host: string) => Promise<readonly NtpAddress[]>;
  /** Called for each refusal, whether a packet came or not. */
  onRefused: (server: NtpServer, reason: NtpRefusal) => void;
  /** Called after each question. */
  onAsked: () => void;
}

/** What is known of one server. Durations are milliseconds. */
export interface NtpServerState {
  name: string;
  /** How far this machine's clock is behind the server's; negative: ahead. Undefined while no recent answer counts. */
  offsetMs: number | undefined;
  /** The largest error of the offset, if the server tells the truth about itself. */
  errorMs: number | undefined;
  roundTripMs: number | undefined;
  stratum: number | undefined;
  /** How many of the last eight questions were answered: the ones of RFC 5905's reach register. */
  reached: number;
  /** The kiss-o'-death after which it is not asked any more. */
  forbiddenBy: NtpRefusal | undefined;
  refusals: ReadonlyMap<NtpRefusal, number>;
}

const REACH_BITS = 0xff;

const onesOf = (register: number): number => register.toString(2).replaceAll('0', '').length;

/** Asks one server from time to time. Only its answers that pass all checks change what is known. */
export class ServerWatch {
  private readonly server: NtpServer;
  private readonly ports: WatchPorts;
  private readonly deadlineMs: number;
  private readonly plan: PollPlan;
  private readonly filter = new ClockFilter();
  private readonly refusals = new Map<NtpRefusal, number>();
  /** While DNS hangs there is one request to it, not one for each question. */
  private readonly addresses: () => Promise<readonly NtpAddress[]>;
  /** One bit for each of the last eight questions, the latest in the lowest: RFC 5905, section 9.2. */
  private reach = 0;

  constructor(server: NtpServer, options: { periodMs: number; deadlineMs: number; ports: WatchPorts }) {
    const { periodMs, deadlineMs, ports } = options;
    this.server = server;
    this.ports = ports;
    this.deadlineMs = deadlineMs;
    this.plan = new PollPlan({ periodMs, random: ports.random });
    const family = isIP(server.host);
    const literal = [{ address: server.host, family }];
    this.addresses = family > 0 ? async () => literal : singleFlight(() => ports.lookup(server.host));
  }

  /** Ends when `stop` is aborted, or the server forbids questions. It never rejects. */
  async run(stop: AbortSignal): Promise<void> {
    await delay(this.plan.firstWaitMs, stop);
    while (!stop.aborted) {
      const end = await this.ask(stop);
      if (stop.aborted) return;
      this.note(end);
      if (this.plan.forbiddenBy !== undefined) return;
      await delay(this.plan.waitMs, stop);
    }
  }

  get state(): NtpServerState {
    const { clocks } = this.ports;
    const best = this.filter.best(clocks.monotonicNow());
    const isKnown = best !== undefined && this.reach > 0;
    return {
      name: this.server.name,
      offsetMs: isKnown ? best.reading.serverMinusMonotonicMs - clocks.difference : undefined,
      errorMs: isKnown ? best.errorMs : undefined,
      roundTripMs: isKnown ? best.reading.roundTripMs : undefined,
      stratum: isKnown ? best.reading.stratum : undefined,
      reached: onesOf(this.reach),
      forbiddenBy: this.plan.forbiddenBy,
      refusals: this.refusals,
    };
  }

  private async ask(stop: AbortSignal): Promise<ExchangeEnd> {
    const found = await this.addressNow(stop);
    if (found === undefined) return { type: 'refused', reason: 'no_name' };
    const { clocks, randomBytes } = this.ports;
    const { port } = this.server;
    const family = found.family === 6 ? 6 : 4;
    const asked = askOnce(
      { address: found.address, family, port, stamp: randomBytes(STAMP_BYTES), deadlineMs: this.deadlineMs },
      {
        wallNow: () => clocks.wallNow(),
        monotonicNow: () => clocks.monotonicNow(),
        onForeign: (reason) => this.refuse(reason),
      },
      stop,
    );
    // Of a machine that gives no socket; a watch never ends the process.
    return asked.catch(() => ({ type: 'refused', reason: 'not_sent' }));
  }

  /** Names are resolved for each question. After a question without an answer the next address of the name is asked. */
  private async addressNow(stop: AbortSignal): Promise<NtpAddress | undefined> {
    const stopped = Promise.withResolvers<undefined>();
    const end = (): void => stopped.resolve(undefined);
    stop.addEventListener('abort', end);
    try {
      const found = withDeadline(this.addresses(), this.deadlineMs, 'DNS').catch(() => []);
      const all = await Promise.race([found, stopped.promise]);
      return all?.[this.plan.failures % Math.max(1, all.length)];
    } finally {
      stop.removeEventListener('abort', end);
    }
  }

  private note(end: ExchangeEnd): void {
    this.reach = ((this.reach << 1) | (end.type === 'accepted' ? 1 : 0)) & REACH_BITS;
    if (end.type === 'accepted') {
      this.ports.clocks.measure();
      this.filter.add(end.reading);
      this.plan.answered();
    } else {
      this.plan.refused(end.reason);
      this.refuse(end.reason);
      // Eight questions without an answer: what is known is too old to be shown, also once it answers again.
      if (this.reach === 0) this.filter.clear();
    }
    this.ports.onAsked();
  }

  private refuse(reason: NtpRefusal): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
    this.ports.onRefused(this.server, reason);
  }
}
