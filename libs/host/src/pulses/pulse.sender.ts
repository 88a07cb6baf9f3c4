import { randomUUID } from 'node:crypto';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { PULSE_MAX, type Pulse, type PulseApp, type PulseFigures } from '@wiber/contracts';
import type { PulseStore } from '@wiber/mongo';
import type { BreakerBoard, InstanceState, WiberLogger } from '@wiber/observability';
import { TwinWatch } from './twin.watch.ts';

/** How often an app asks whether somebody looks, in milliseconds: one read of a document by its _id. */
const ASK_EVERY_MS = 1000;
/** The same while somebody does. Who looks says so for longer. */
const ASK_AGAIN_MS = 5000;
/** From one pulse to the next, in milliseconds. */
export const PULSE_EVERY_MS = 1000;
/** How long each call may take, in milliseconds. */
const WITHIN_MS = 900;
/** Failures in a row after which a line says so: fewer are a failover. */
const FAILURES_SAID = 30;
/** From one line about a shared name to the next, in milliseconds. */
const SHARED_SAID_MS = 60_000;
const SHARED =
  'another process runs with the same INSTANCE. Each overwrites what the other one says of itself, so /stats/stream and ' +
  '/stats/clocks show one of them at a time. Give each process an INSTANCE of its own';

export interface PulsePorts {
  store: Pick<PulseStore, 'isWatched' | 'beat'>;
  topic: string;
  app: PulseApp;
  instance: string;
  breakers: Pick<BreakerBoard, 'states'>;
  state: Pick<InstanceState, 'isDraining' | 'onDrain'>;
  logger: Pick<WiberLogger, 'warn' | 'info'>;
  random?: () => number;
}

/** Reads what this process counts. It is called once for each pulse, and only while somebody looks. */
export type ReadFigures<App extends PulseApp = PulseApp> = () => Promise<PulseFigures[App]>;

/**
 * Writes a sign of life each second while somebody looks at the system, and asks once a second whether somebody does. Nothing
 * waits for it, and its failures end nothing.
 */
export class PulseSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ports: PulsePorts;
  private readonly process = randomUUID();
  private readonly twins = new TwinWatch(this.process);
  private sharedSaidAt = -Infinity;
  private figures: ReadFigures | undefined;
  private sequence = 0;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private askAt = 0;
  private isWatched = false;
  private isEnded = false;

  constructor(ports: PulsePorts) {
    this.ports = ports;
    ports.state.onDrain(() => void this.sayStopping());
  }

  /** Without it this process has no pulse. */
  watch<App extends PulseApp>(figures: ReadFigures<App>): void {
    this.figures = figures;
  }

  onApplicationBootstrap(): void {
    // Not all processes of a start in the same moment.
    this.next(ASK_EVERY_MS * (this.ports.random ?? Math.random)());
  }

  beforeApplicationShutdown(): void {
    this.isEnded = true;
    clearTimeout(this.timer);
  }

  /** The pulse of this moment; undefined of a process without figures. */
  async take(): Promise<Pulse | undefined> {
    const { app, instance, breakers, state } = this.ports;
    const figures = await this.figures?.();
    if (!figures) return undefined;
    const { user, system } = process.cpuUsage();
    const states = Object.entries(breakers.states).map(([name, now]) => ({ name, state: now }));
    return {
      app,
      instance,
      process: this.process,
      ...this.twins.said,
      sequence: (this.sequence += 1),
      upMs: Math.round(process.uptime() * 1000),
      cpuMs: Math.round((user + system) / 1000),
      rssBytes: process.memoryUsage.rss(),
      isStopping: state.isDraining,
      breakers: states
        .sort((one, other) => Number(one.state === 'closed') - Number(other.state === 'closed'))
        .slice(0, PULSE_MAX.breakers),
      figures,
    } as Pulse;
  }

  private next(afterMs: number): void {
    if (!this.isEnded) this.timer = setTimeout(() => void this.run(), afterMs).unref();
  }

  private async run(): Promise<void> {
    const begin = performance.now();
    try {
      await this.step(begin);
      if (this.failures >= FAILURES_SAID) this.ports.logger.info('pulses of this process are written again');
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      if (this.failures === FAILURES_SAID && !this.isEnded)
        this.ports.logger.warn(
          { error },
          'pulses of this process can not be written, so /stats/stream lacks it; trying again',
        );
    }
    const every = this.isWatched ? PULSE_EVERY_MS : ASK_EVERY_MS;
    this.next(Math.max(0, every - (performance.now() - begin)));
  }

  private async step(now: number): Promise<void> {
    const { store, topic } = this.ports;
    if (now >= this.askAt) {
      this.isWatched = await store.isWatched(topic, WITHIN_MS);
      this.askAt = this.isWatched ? now + ASK_AGAIN_MS : 0;
    }
    if (this.isWatched) await this.beat();
  }

  private async beat(): Promise<void> {
    const { store, topic } = this.ports;
    const pulse = await this.take();
    if (!pulse) return;
    const isFound = this.twins.note(await store.beat(topic, pulse, WITHIN_MS));
    if (isFound) this.sayShared();
  }

  private sayShared(): void {
    const now = performance.now();
    if (now - this.sharedSaidAt < SHARED_SAID_MS) return;
    this.sharedSaidAt = now;
    this.ports.logger.warn(SHARED);
  }

  /** Nobody who looks has to guess why this process is silent. */
  private async sayStopping(): Promise<void> {
    if (this.isWatched) await this.beat().catch(() => undefined);
  }
}
