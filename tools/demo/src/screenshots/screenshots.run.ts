import { setTimeout as pause } from 'node:timers/promises';
import { Browser, ConsolePage, eventually } from '@wiber/harness';
import { Cluster } from '../cluster.ts';
import { DemoError } from '../demo.errors.ts';
import type { Scene } from '../demonstrations/demonstration.ts';
import type { FailoverPlan } from '../failover.plan.ts';
import { tellAndThrow } from '../failover.watch.ts';
import type { Story } from '../report/story.ts';
import type { RunClock } from '../run.clock.ts';
import { orStop } from '../stop.signal.ts';
import { GatewayClient } from '../traffic/gateway.client.ts';
import { Traffic } from '../traffic/traffic.ts';
import { requireWhole } from '../whole.ts';
import { takePictures, type Picture } from './picture.ts';
import { SCENES } from './scenes.ts';

const PLAN: Pick<FailoverPlan, 'counts' | 'stream'> = {
  counts: { brokers: 3, mongod: 3, gateway: 2, ingest: 3, metrics: 3 },
  stream: { ratePerS: 100, clients: 48 },
};
const WHOLE_WITHIN_MS = 180_000;
/** So long is sent before the first picture, so that charts have lines and not dots. */
const LOAD_MS = 60_000;

export interface ScreenshotStage {
  clock: RunClock;
  story: Story;
  signal: AbortSignal;
  out: string;
}

/** Starts a cluster, sends, breaks it, and takes each view of the console. @throws DemoError */
export const runScreenshots = async (stage: ScreenshotStage): Promise<Picture[]> => {
  const { clock, story, signal } = stage;
  const missing = Browser.missing();
  if (missing !== undefined) throw new DemoError(missing);
  story.tell('starting a cluster of its own, and a browser');
  const cluster = await Cluster.start(PLAN.counts, { env: { KAFKA_SESSION_TIMEOUT_MS: '6000' }, signal });
  const clients = cluster.gateways.map(({ instance, url }) => new GatewayClient(instance, url));
  const scene: Scene = { cluster, traffic: new Traffic(clients, () => clock.now, PLAN.stream) };
  let browser: Browser | undefined;
  try {
    browser = await Browser.start();
    return await orStop(signal, takeAll(browser, scene, stage));
  } finally {
    await scene.traffic.close();
    await browser?.close();
    await cluster.close();
  }
};

const takeAll = async (browser: Browser, scene: Scene, { story, signal, out }: ScreenshotStage): Promise<Picture[]> => {
  const { cluster, traffic } = scene;
  await eventually(() => requireWhole(cluster).catch(tellAndThrow(story)), { within: WHOLE_WITHIN_MS });
  traffic.start();
  story.tell(`${PLAN.stream.ratePerS} messages a second are sent`);
  const page = await ConsolePage.open(browser, cluster.gateways[0]!.url);
  await page.expectFreshness('live');
  await pause(LOAD_MS, undefined, { signal });
  const taken: Picture[] = [];
  for (const { name, prepare } of SCENES) {
    signal.throwIfAborted();
    await prepare(scene, page);
    const pictures = await takePictures(page, { name, out });
    taken.push(...pictures);
    for (const { file, bytes } of pictures) story.tell(`${file}, ${Math.ceil(bytes / 1000)} kB`);
  }
  const [fault] = page.opened.faults;
  if (fault) throw new DemoError(`the page has a fault (${fault.kind}): ${fault.text}`);
  return taken;
};
