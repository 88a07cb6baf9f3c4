import type { Overlay } from '../render/overlay.renderer.ts';
import type { Deployment } from './deployment.ts';
import { docker, requireEngine } from './docker.engine.ts';
import { EngineNamespace, deploymentNames } from './engine.namespace.ts';
import { removeLeftRuns } from './left.runs.ts';
import { realWait } from './probe.loop.ts';
import type { PodEvent } from './running.pod.ts';
import { SteadySender, type SentCounts } from './steady.sender.ts';

export interface ContractPlan {
  overlay: Overlay;
  /** Messages a second. */
  rate: number;
  /** How long MongoDB is away. */
  outageSeconds: number;
  print: (line: string) => void;
}

/** What a run of the pods has shown. */
export interface ContractResult {
  sent: SentCounts;
  stored: number;
  /** Events that must not happen: a pod that did not start, is unhealthy, ended by itself, or was killed. */
  broken: PodEvent[];
  /** The least number of gateways that were ready while MongoDB was away. */
  readyInOutage: number;
}

const BROKEN: readonly PodEvent['event'][] = [
  ...(['unhealthy', 'start failed', 'ended', 'killed for its memory'] as const),
  ...(['lost sight of', 'killed at the end of its grace'] as const),
];
const STORED_SECONDS = 120;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const count = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}/messages/count`);
  return ((await answer.json()) as { count: number }).count;
};

/** Asks until as many messages are stored as were acknowledged, or the time is over. */
const storedOf = async (gateway: Deployment, wanted: number): Promise<number> => {
  let stored = 0;
  for (let seconds = 0; seconds < STORED_SECONDS && stored < wanted; seconds += 1) {
    stored = await count(gateway.endpoints[0] ?? '').catch(() => stored);
    if (stored < wanted) await realWait(1);
  }
  return stored;
};

/** Takes MongoDB away and gives it back. Returns the least number of gateways that a service would have sent to. */
const outage = async (namespace: EngineNamespace, gateway: Deployment, seconds: number): Promise<number> => {
  const mongodb = namespace.containerOf('mongodb-0');
  await docker(['pause', mongodb]);
  let least = gateway.readyPods;
  for (let passed = 0; passed < seconds; passed += 1) {
    await realWait(1);
    least = Math.min(least, gateway.readyPods);
  }
  await docker(['unpause', mongodb]);
  return least;
};

/**
 * Runs the pods of an overlay in a Docker engine as their manifests say. While messages are sent, it restarts each Deployment,
 * updates each (another environment), and takes MongoDB away.
 * @throws ManifestsError when there is no engine, an image is missing, or a rollout stands still
 */
export const runContract = async ({ overlay, rate, outageSeconds, print }: ContractPlan): Promise<ContractResult> => {
  await requireEngine(docker);
  for (const run of await removeLeftRuns({ docker, wait: realWait }))
    print(`what the run ${run} had left was removed: its process is gone`);
  let isInterrupted = false;
  const namespace = new EngineNamespace(docker, overlay);
  // npm and the terminal both send the signal, so it comes twice: only the first one counts, and nothing cuts the cleaning short.
  const onSignal = () => {
    if (isInterrupted) return;
    isInterrupted = true;
    print('interrupted: containers, volumes and the network are removed first');
    void namespace
      .close()
      .catch((error: unknown) => print((error as Error).message))
      .finally(() => process.exit(130));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await namespace.open();
    print('servers start');
    await namespace.startServers();
    const deployments = new Map(deploymentNames(overlay).map((name) => [name, namespace.deployment(name)]));
    print('apps start');
    await Promise.all([...deployments.values()].map((one) => one.restart()));
    const gateway = deployments.get('gateway')!;
    const sender = new SteadySender(() => gateway.endpoints, rate);
    const say = (what: string) => print(`${sender.seconds} s: ${what}`);
    for (const [name, deployment] of deployments) {
      say(`${name} is restarted`);
      await deployment.restart();
    }
    for (const [name, deployment] of deployments) {
      say(`${name} is updated`);
      await deployment.restart([{ name: 'LOG_LEVEL', value: 'warn' }]);
    }
    say(`MongoDB is away for ${outageSeconds} s`);
    const readyInOutage = await outage(namespace, gateway, outageSeconds);
    const sent = await sender.stop();
    const stored = await storedOf(gateway, sent.acknowledged);
    await Promise.all([...deployments.values()].map((one) => one.stop()));
    const broken = namespace.events.filter(({ event }) => BROKEN.includes(event));
    return { sent, stored, broken, readyInOutage };
  } finally {
    // After a signal, the exit code is that of the signal.
    if (isInterrupted) await new Promise(() => undefined);
    await namespace.close();
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
};

/** The result in a few lines, and whether every promise held. */
export const contractReport = ({
  sent,
  stored,
  broken,
  readyInOutage,
}: ContractResult): { text: string; isRight: boolean } => {
  const isNothingLost = stored >= sent.acknowledged && stored <= sent.acknowledged + sent.unknown;
  const isRight = sent.failed === 0 && isNothingLost && broken.length === 0 && readyInOutage > 0;
  const lines = [
    `acknowledged ${sent.acknowledged}, failed ${sent.failed} (${sent.unknown} with an unknown outcome), stored ${stored}`,
    `gateways that a service sent to while MongoDB was away: at least ${readyInOutage}`,
    ...sent.failures,
    ...broken.map(({ pod, event }) => `${pod}: ${event}`),
  ];
  return { text: lines.join('\n'), isRight };
};
