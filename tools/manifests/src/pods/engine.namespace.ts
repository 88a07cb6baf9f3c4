import { randomBytes } from 'node:crypto';
import { ofKind, textAt, type Manifest } from '../document.ts';
import { ManifestsError } from '../manifests.errors.ts';
import type { Overlay } from '../render/overlay.renderer.ts';
import { podSources, type PodSource } from '../pod.sources.ts';
import { Deployment } from './deployment.ts';
import type { ContainerPlace, Docker } from './docker.engine.ts';
import { labelsOf, removeRun } from './left.runs.ts';
import { podPlan, type PodPlan } from './pod.plan.ts';
import { realWait } from './probe.loop.ts';
import { ownerOf } from './run.owner.ts';
import { RunningPod, type PodEvent } from './running.pod.ts';

/** Values for the Secrets that an installer makes. */
const SECRETS = { 'wiber-operator/OPERATOR_TOKEN': 'operator-token-of-a-run' };
/** Commands of the client that make something. */
const MAKING = new Set(['run', 'start']);
const JOB_TRIES = 40;
const JOB_MS = 600_000;

/** What a namespace of a cluster would be: a network, volumes, and the pods of one overlay. `close` removes all of it. */
export class EngineNamespace {
  readonly events: PodEvent[] = [];
  private readonly overlay: Overlay;
  private readonly name = `wiber-${randomBytes(3).toString('hex')}`;
  private readonly engine: Docker;
  private readonly labels: readonly string[];
  /** What is being made. It has to be there before it can be removed. */
  private readonly making = new Set<Promise<string>>();
  /** Probes of those that nobody has stopped would go on, and keep this process alive. */
  private readonly pods: RunningPod[] = [];
  private closing: Promise<void> | undefined;

  constructor(engine: Docker, overlay: Overlay) {
    this.engine = engine;
    this.labels = labelsOf(this.name, ownerOf(process.pid));
    this.overlay = overlay;
  }

  async open(): Promise<void> {
    await this.docker(['network', 'create', ...this.labels, this.name]);
  }

  /** Starts the servers and runs the jobs that prepare them, until each of them has succeeded. */
  async startServers(): Promise<void> {
    const sources = podSources(this.overlay.documents);
    const sets = sources.filter(({ owner }) => owner.kind === 'StatefulSet');
    if (sets.length === 0)
      throw new ManifestsError(
        `the overlay ${this.overlay.name} has no StatefulSet: its servers need a cluster with operators`,
      );
    for (const source of sets) await this.startMember(source);
    await Promise.all(sources.filter(({ owner }) => owner.kind === 'Job').map((source) => this.runJob(source)));
  }

  deployment(name: string): Deployment {
    const source = podSources(this.overlay.documents).find(
      ({ owner }) => owner.kind === 'Deployment' && owner.metadata.name === name,
    );
    if (!source) throw new ManifestsError(`the overlay ${this.overlay.name} has no Deployment ${name}`);
    return new Deployment(source.owner, this.planOf(source), (plan, pod) => this.startPod(plan, this.place(pod)));
  }

  /** The name of the container of a pod. */
  containerOf(pod: string): string {
    return `${this.name}-${pod}`;
  }

  /** Every call has the same result. @throws ManifestsError that names what could not be removed */
  close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.making).then(() => {
      for (const pod of this.pods) pod.abandon();
      return removeRun({ docker: this.engine, wait: realWait }, this.name);
    });
    return this.closing;
  }

  /** Makes nothing any more once the namespace is closed: nobody would remove it. */
  private readonly docker: Docker = (args, timeoutMs) => {
    const isMade = MAKING.has(args[0]!) || args[1] === 'create';
    if (!isMade) return this.engine(args, timeoutMs);
    if (this.closing) return Promise.reject(new ManifestsError(`the run is over: docker ${args[0]} is refused`));
    const made = this.engine(args, timeoutMs);
    this.making.add(made);
    const forget = () => this.making.delete(made);
    made.then(forget, forget);
    return made;
  };

  private planOf(source: PodSource): PodPlan {
    return podPlan(source, this.overlay.documents, SECRETS);
  }

  private place(pod: string, more: Partial<ContainerPlace> = {}): ContainerPlace {
    return {
      pod,
      container: this.containerOf(pod),
      network: this.name,
      labels: this.labels,
      aliases: [],
      volumes: {},
      ...more,
    };
  }

  private async startPod(plan: PodPlan, place: ContainerPlace): Promise<RunningPod> {
    const report = (event: PodEvent) => this.events.push(event);
    const pod = await RunningPod.start(plan, place, { docker: this.docker, report, wait: realWait });
    this.pods.push(pod);
    return pod;
  }

  /** Its name on the network is that of the first member behind its service. */
  private async startMember(source: PodSource): Promise<void> {
    const plan = this.planOf(source);
    const pod = `${source.owner.metadata.name}-0`;
    const volumes: Record<string, string> = {};
    for (const mount of plan.mounts.filter(({ type }) => type === 'disk'))
      volumes[mount.name] = await this.makeVolume(plan, `${pod}-${mount.name}`);
    const alias = `${pod}.${textAt(source.owner as Manifest, 'spec', 'serviceName')}`;
    await this.startPod(plan, this.place(pod, { aliases: [alias], volumes }));
  }

  /** A new volume belongs to root; fsGroup would give it to the group of the pod. */
  private async makeVolume(plan: PodPlan, name: string): Promise<string> {
    const volume = `${this.name}-${name}`;
    await this.docker(['volume', 'create', ...this.labels, volume]);
    const owner = `${plan.user}:${plan.group}`;
    await this.docker([
      'run',
      '--rm',
      ...this.labels,
      '--user',
      '0',
      '--entrypoint',
      'chown',
      '--volume',
      `${volume}:/volume`,
      plan.image,
      owner,
      '/volume',
    ]);
    return volume;
  }

  /** restartPolicy OnFailure: again after a moment, until it succeeds. */
  private async runJob(source: PodSource): Promise<void> {
    const plan = this.planOf(source);
    for (let tries = 0; tries < JOB_TRIES; tries += 1) {
      const place = this.place(`${plan.app}-${tries}`);
      await this.startPod({ ...plan, probes: {} }, place);
      if ((await this.docker(['wait', place.container], JOB_MS)) === '0') return;
      await realWait(2);
    }
    const log = await this.docker(['logs', '--tail', '5', this.containerOf(`${plan.app}-${JOB_TRIES - 1}`)]);
    throw new ManifestsError(`the job ${plan.app} failed ${JOB_TRIES} times: ${log}`);
  }
}

/** The names of the Deployments of an overlay. */
export const deploymentNames = ({ documents }: Overlay): string[] =>
  ofKind(documents, 'Deployment').map(({ metadata }) => metadata.name);
