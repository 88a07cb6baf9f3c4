import { RestartBackoff, endOf } from './container.end.ts';
import { runArguments, type ContainerPlace, type Docker } from './docker.engine.ts';
import type { PodPlan, ProbePlan } from './pod.plan.ts';
import { firstSuccess, watchProbe, type ProbeLoopPorts } from './probe.loop.ts';

/** What a kubelet would have reported. */
export interface PodEvent {
  pod: string;
  event:
    | 'started'
    | 'ready'
    | 'not ready'
    | 'unhealthy'
    | 'start failed'
    | 'ended'
    | 'killed for its memory'
    | 'started again'
    | 'lost sight of'
    | 'stopped'
    | 'killed at the end of its grace';
  /** Milliseconds of the monotonic clock. */
  at: number;
}

export interface PodPorts {
  docker: Docker;
  report: (event: PodEvent) => void;
  /** Resolves after so many seconds. */
  wait: (seconds: number) => Promise<unknown>;
}

/** A container, and what its kubelet does: probes at their periods, preStop, SIGTERM, and SIGKILL at the end of the grace. */
export class RunningPod {
  readonly plan: PodPlan;
  readonly place: ContainerPlace;
  private readonly ports: PodPorts;
  private readonly published = new Map<number, number>();
  private isEnding = false;
  private readySince: number | undefined;
  private readonly backoff = new RestartBackoff();
  /** Counts the starts of the container: the probes of an earlier one are over. */
  private starts = 0;

  private constructor(plan: PodPlan, place: ContainerPlace, ports: PodPorts) {
    this.plan = plan;
    this.place = place;
    this.ports = ports;
  }

  static async start(plan: PodPlan, place: ContainerPlace, ports: PodPorts): Promise<RunningPod> {
    const pod = new RunningPod(plan, place, ports);
    await ports.docker(runArguments(plan, place));
    await pod.begin('started');
    if (plan.isRestarted) void pod.keepRunning();
    return pod;
  }

  /** The engine publishes other ports at each start. */
  private async begin(event: 'started' | 'started again'): Promise<void> {
    const { docker } = this.ports;
    for (const port of this.plan.ports) {
      const address = await docker(['port', this.place.container, `${port}/tcp`]);
      this.published.set(port, Number(address.split('\n')[0]!.split(':').at(-1)));
    }
    this.starts += 1;
    this.tell(event);
    void this.probe(this.starts);
  }

  /** Starts the container again each time it ends, with the waits of a kubelet. Nobody awaits it, so a failure is an event. */
  private async keepRunning(): Promise<void> {
    const { docker, wait } = this.ports;
    try {
      while (!this.isEnding) {
        const began = performance.now();
        const end = await endOf(docker, this.place.container);
        if (this.isEnding) return;
        this.starts += 1;
        this.readySince = undefined;
        this.tell(end);
        await wait(this.backoff.nextSeconds((performance.now() - began) / 1000));
        if (this.isEnding) return;
        await docker(['start', this.place.container]);
        await this.begin('started again');
      }
    } catch {
      if (!this.isEnding) this.tell('lost sight of');
    }
  }

  /** The address on the loopback interface that leads to a port of the container. */
  url(port: number): string {
    return `http://127.0.0.1:${this.published.get(port)}`;
  }

  /** Whether a service sends to this pod. A pod that ends is taken out at once. */
  get isReady(): boolean {
    return this.readySince !== undefined && !this.isEnding;
  }

  /** Whether it has been ready for so long without a break. */
  isAvailable(minReadySeconds: number): boolean {
    return this.isReady && performance.now() - this.readySince! >= minReadySeconds * 1000;
  }

  /** Ends its probes and starts it never again: its container is removed by somebody else. */
  abandon(): void {
    this.isEnding = true;
  }

  /** As a deletion: preStop, then SIGTERM. The grace counts from the beginning. Resolves once the container is gone. */
  async stop(): Promise<void> {
    this.isEnding = true;
    const { docker } = this.ports;
    const { container } = this.place;
    await this.ports.wait(this.plan.preStopSeconds);
    // A container that has just ended takes no signal, and is awaited below as any other.
    await docker(['kill', '--signal', 'TERM', container]).catch(() => undefined);
    const left = (this.plan.graceSeconds - this.plan.preStopSeconds) * 1000;
    const isGone = await docker(['wait', container], left).then(
      () => true,
      () => false,
    );
    if (!isGone) await docker(['kill', container]);
    this.tell(isGone ? 'stopped' : 'killed at the end of its grace');
    await docker(['rm', '--force', '--volumes', container]);
  }

  private tell(event: PodEvent['event']): void {
    this.ports.report({ pod: this.place.pod, event, at: performance.now() });
  }

  private async probe(start: number): Promise<void> {
    const { startup, liveness, readiness } = this.plan.probes;
    const loop: ProbeLoopPorts = {
      ask: (probe) => this.ask(probe),
      wait: this.ports.wait,
      isOver: () => this.isEnding || start !== this.starts,
    };
    if (startup && !(await firstSuccess(startup, loop))) {
      if (!loop.isOver()) this.tell('start failed');
      return;
    }
    const onReadiness = (isRight: boolean) => {
      this.readySince = isRight ? performance.now() : undefined;
      this.tell(isRight ? 'ready' : 'not ready');
    };
    const onLiveness = (isRight: boolean) => isRight || this.tell('unhealthy');
    if (!readiness) onReadiness(true);
    await Promise.all([
      readiness && watchProbe(readiness, loop, onReadiness),
      liveness && watchProbe(liveness, loop, onLiveness),
    ]);
  }

  private async ask({ ask, timeoutSeconds }: ProbePlan): Promise<boolean> {
    const timeoutMs = timeoutSeconds * 1000;
    switch (ask.type) {
      case 'http': {
        const signal = AbortSignal.timeout(timeoutMs);
        const { status } = await fetch(`${this.url(ask.port)}${ask.path}`, {
          signal,
          headers: { connection: 'close' },
        });
        return status >= 200 && status < 400;
      }
      case 'exec':
        await this.ports.docker(['exec', this.place.container, ...ask.command], timeoutMs);
        return true;
      // The engine's own proxy accepts every connection, so nothing would be asked.
      case 'tcp':
        return true;
    }
  }
}
