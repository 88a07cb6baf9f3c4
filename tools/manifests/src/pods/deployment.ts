import { randomBytes } from 'node:crypto';
import { fieldsAt, valueAt, type Manifest } from '../document.ts';
import { ManifestsError } from '../manifests.errors.ts';
import type { PodPlan } from './pod.plan.ts';
import { realWait } from './probe.loop.ts';
import { nextStep, type RolloutPlan } from './rollout.ts';
import type { RunningPod } from './running.pod.ts';

/** Starts a pod of a plan under this name. */
export type PodStart = (plan: PodPlan, pod: string) => Promise<RunningPod>;

const LOOK_SECONDS = 0.25;
/** How long a rollout may stand still before it has failed: progressDeadlineSeconds has 600. */
const STUCK_SECONDS = 180;

/** The pods of one Deployment, and how they are replaced. */
export class Deployment {
  private readonly plan: PodPlan;
  private readonly rollout: RolloutPlan;
  private readonly minReadySeconds: number;
  private readonly startPod: PodStart;
  private revision = 0;
  private pods: { pod: RunningPod; revision: number }[] = [];

  constructor(owner: Manifest, plan: PodPlan, startPod: PodStart) {
    const rolling = fieldsAt(owner, 'spec', 'strategy', 'rollingUpdate');
    this.plan = plan;
    this.startPod = startPod;
    this.minReadySeconds = Number(valueAt(owner, 'spec', 'minReadySeconds') ?? 0);
    this.rollout = {
      replicas: Number(valueAt(owner, 'spec', 'replicas') ?? 1),
      maxSurge: Number(rolling['maxSurge']),
      maxUnavailable: Number(rolling['maxUnavailable']),
    };
  }

  /** The addresses of the pods that its service sends to. */
  get endpoints(): string[] {
    return this.pods.filter(({ pod }) => pod.isReady).map(({ pod }) => pod.url(this.plan.ports[0]!));
  }

  get readyPods(): number {
    return this.pods.filter(({ pod }) => pod.isReady).length;
  }

  /**
   * Replaces every pod, as `kubectl rollout restart` does; the first time it only starts them. Resolves once all new pods are
   * available and the old ones are gone. @throws ManifestsError when it stands still for 3 minutes
   */
  async restart(environment: readonly { name: string; value: string }[] = []): Promise<void> {
    this.revision += 1;
    const kept = this.plan.environment.filter(({ name }) => !environment.some((one) => one.name === name));
    const plan = { ...this.plan, environment: [...kept, ...environment] };
    const stops: Promise<void>[] = [];
    // Looks and not a clock: a machine that stands still does not count.
    let looks = 0;
    for (;;) {
      const step = nextStep(this.seen(), this.rollout);
      if (step.type === 'done') break;
      if (step.type === 'start') await this.add(plan);
      else if (step.type === 'stop') stops.push(this.removeOld());
      else await realWait(LOOK_SECONDS);
      looks = step.type === 'wait' ? looks + 1 : 0;
      if (looks * LOOK_SECONDS > STUCK_SECONDS)
        throw new ManifestsError(`the rollout of ${this.plan.app} stands still`);
    }
    await Promise.all(stops);
  }

  async stop(): Promise<void> {
    await Promise.all(this.pods.map(({ pod }) => pod.stop()));
    this.pods = [];
  }

  private seen() {
    return this.pods.map(({ pod, revision }) => ({
      isAvailable: pod.isAvailable(this.minReadySeconds),
      isNew: revision === this.revision,
    }));
  }

  private async add(plan: PodPlan): Promise<void> {
    const name = `${plan.app}-${this.revision}-${randomBytes(3).toString('hex')}`;
    this.pods.push({ pod: await this.startPod(plan, name), revision: this.revision });
  }

  /** An old pod that serves nothing goes first. */
  private removeOld(): Promise<void> {
    const old = this.pods.filter(({ revision }) => revision !== this.revision);
    const { pod } = old.find((one) => !one.pod.isAvailable(this.minReadySeconds)) ?? old[0]!;
    this.pods = this.pods.filter((one) => one.pod !== pod);
    return pod.stop();
  }
}
