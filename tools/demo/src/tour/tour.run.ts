import { Cluster } from '../cluster.ts';
import { DemoError } from '../demo.errors.ts';
import type { Scene } from '../demonstrations/demonstration.ts';
import { readEvidence } from '../evidence/evidence.reader.ts';
import { findingUnless, tellAndThrow } from '../failover.watch.ts';
import { Story } from '../report/story.ts';
import type { RunClock } from '../run.clock.ts';
import { orStop } from '../stop.signal.ts';
import { GatewayClient } from '../traffic/gateway.client.ts';
import { Traffic } from '../traffic/traffic.ts';
import type { Finding } from '../verdict/finding.ts';
import { judge, type Verdict } from '../verdict/verdict.ts';
import { requireWhole } from '../whole.ts';
import { eventually } from '@wiber/harness';
import type { Pacer } from './pacer.ts';
import type { TourPlan } from './tour.plan.ts';
import { consoleAddress, type TourStep } from './tour.step.ts';
import { verdictLines, wrap } from './tour.text.ts';

const WITHIN_MS = { whole: 180_000, settled: 60_000 };

export interface TourStage {
  clock: RunClock;
  out: NodeJS.WritableStream;
  signal: AbortSignal;
  plan: TourPlan;
  pacer: Pacer;
  /** Called once with the address of the console. */
  openConsole: (address: string) => void;
}

/** Starts a cluster, leads through the steps, and ends with what log and store say of every message. @throws DemoError */
export const runTour = async (stage: TourStage): Promise<Verdict> => {
  const { clock, signal, plan, pacer } = stage;
  const { brokers, mongod, gateway, ingest, metrics } = plan.counts;
  const story = storyOf(stage);
  story.tell(
    `starting a cluster of its own: ${brokers} brokers, ${mongod} mongod, ${gateway} gateways, ${ingest} ingest, ${metrics} metrics workers`,
  );
  const cluster = await Cluster.start(plan.counts, { env: plan.env, signal });
  const clients = cluster.gateways.map(({ instance, url }) => new GatewayClient(instance, url));
  const scene: Scene = { cluster, traffic: new Traffic(clients, () => clock.now, plan.stream) };
  try {
    return await orStop(signal, perform(scene, stage));
  } finally {
    pacer.close();
    await scene.traffic.close();
    await cluster.close();
  }
};

const storyOf = ({ out, clock }: TourStage): Story => new Story(out, () => clock.now);

const perform = async (scene: Scene, stage: TourStage): Promise<Verdict> => {
  const { plan, pacer } = stage;
  const story = storyOf(stage);
  await eventually(() => requireWhole(scene.cluster).catch(tellAndThrow(story)), { within: WITHIN_MS.whole }).catch(
    (cause: Error) => {
      throw new DemoError(`the cluster is not whole: ${cause.message}`, { cause });
    },
  );
  story.tell('the cluster is ready');
  story.title('');
  story.title(`The console: ${consoleAddress(scene)}`, 'good');
  story.title(`The operator's token, for dead letters and addresses: ${scene.cluster.operatorToken}`);
  stage.openConsole(consoleAddress(scene));
  const findings: Finding[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const place = `${index + 1}/${plan.steps.length + 1}`;
    findings.push(...(await performStep(step, { place, scene, stage })));
  }
  const verdict = await judgeAll(scene, findings, stage);
  story.title('');
  story.title(`Everything runs on while you look around in the console. ${pacer.prompt('stop and delete it')}`);
  await pacer.goOn();
  return verdict;
};

interface StepPlace {
  /** 3/10, for example. */
  place: string;
  scene: Scene;
  stage: TourStage;
}

const performStep = async (step: TourStep, { place, scene, stage }: StepPlace): Promise<readonly Finding[]> => {
  const { pacer, signal, clock, plan } = stage;
  // Times of a story are since its own kill.
  const story = storyOf(stage);
  tellHeading(story, `${place}  ${step.title}`, step.before(scene));
  story.title(`  ${pacer.prompt('begin')}`);
  await pacer.goOn();
  const { happened, findings = [] } = await step.run(scene, { clock, story, signal, plan });
  story.title('');
  story.title('  What happened:');
  for (const line of happened.flatMap((text) => wrap(text)))
    story.title(`  ${line}`, findings.length > 0 ? 'bad' : 'good');
  story.title(`  ${pacer.prompt('go on')}`);
  await pacer.goOn();
  return findings;
};

const tellHeading = (story: Story, heading: string, paragraphs: readonly string[]): void => {
  story.title('');
  story.title(heading, 'heading');
  for (const paragraph of paragraphs) {
    for (const line of wrap(paragraph)) story.title(`  ${line}`);
    story.title('');
  }
};

/** Ends the stream, waits until everything is stored, and compares what was acknowledged with log, store and dead letters. */
const judgeAll = async ({ cluster, traffic }: Scene, found: readonly Finding[], stage: TourStage): Promise<Verdict> => {
  const { clock, plan } = stage;
  const story = storyOf(stage);
  tellHeading(story, `${plan.steps.length + 1}/${plan.steps.length + 1}  Was anything lost?`, [
    'The stream ends now. A program that shares no code with Wiber reads the log, the store, the dead letters and each member of ' +
      'the replica set, and looks for every message that was acknowledged.',
  ]);
  await traffic.stop();
  const endedAt = clock.now;
  const unsettled = await findingUnless('not settled', () => requireSettled(cluster), WITHIN_MS.settled);
  story.tell('reading the log, the store, the dead letters and each member');
  const evidence = await readEvidence(cluster);
  const storedAt = evidence.stored.map(({ storedAt: wallMs }) => clock.fromWall(wallMs));
  const verdict = judge({
    ...{ moments: { killedAt: 0, endedAt }, sends: traffic.sends, storedAt, partitions: [], evidence },
    findings: [...found, ...unsettled],
  });
  story.title('');
  const tone = verdict.held ? 'good' : 'bad';
  for (const line of verdictLines(verdict).flatMap((text) => wrap(text))) story.title(`  ${line}`, tone);
  return verdict;
};

const requireSettled = async ({ group }: Cluster): Promise<void> => {
  const lag = await group.lag();
  if (lag > 0) throw new Error(`ingest has ${lag} records left`);
};
