import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { appendRaw, eventually, type ConsolePage } from '@wiber/harness';
import type { Cluster } from '../cluster.ts';
import { LEADER } from '../demonstrations/leader.demonstration.ts';
import type { Scene } from '../demonstrations/demonstration.ts';
import { requireWhole } from '../whole.ts';

/** What is prepared before a view is taken, and how it is opened. */
export interface ViewScene {
  /** Of the files. */
  name: string;
  prepare: (scene: Scene, page: ConsolePage) => Promise<void>;
}

const TAKEOVER_MS = 60_000;
const WHOLE_WITHIN_MS = 180_000;
const ANSWER_MS = 30_000;

const TALK = [
  ['alice', 'Are you at the station already?'],
  ['bob', 'Two minutes. The train is late anyway.'],
  ['alice', 'Platform 4, by the clock.'],
  ['bob', 'I see you!'],
] as const;

interface Sent {
  messageId: string;
}

/** Sends a message and waits until it is stored. */
const send = async (url: string, [fromUser, toUser, content]: readonly [string, string, string]): Promise<Sent> => {
  const key = randomUUID();
  return eventually(
    async () => {
      const answer = await fetch(`${url}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Prefer: 'wait=20', 'Idempotency-Key': key },
        body: JSON.stringify({ fromUser, toUser, content }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.status !== 201) throw new Error(`POST /messages answers ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Sent;
    },
    { within: ANSWER_MS * 2 },
  );
};

const urlOf = ({ gateways }: Cluster): string => gateways[0]!.url;

/** Something that a client of Kafka wrote past the gateways. */
const poison = async ({ topic, brokers }: { topic: string; brokers: string[] }): Promise<void> => {
  const records = [
    { key: 'carol:dave', value: '{"fromUser":"carol","toUser":"dave","content":42}' },
    { key: 'carol:dave', value: '{"fromUser":"carol","toUser":"dave","content":"the end is mis' },
  ];
  const env = { KAFKA_BOOTSTRAP_SERVERS: brokers.join(','), KAFKA_TOPIC: topic };
  await appendRaw(
    env,
    records.map(({ key, value }) => ({ key, value: Buffer.from(value), partition: 0 })),
  );
};

const go = async (page: ConsolePage, cluster: Cluster, path: string): Promise<void> => {
  await page.page.goto(`${urlOf(cluster)}/console${path}`);
};

const CONVERSATION: ViewScene = {
  name: 'conversation',
  prepare: async ({ cluster }, page) => {
    for (const [from, content] of TALK) await send(urlOf(cluster), [from, from === 'alice' ? 'bob' : 'alice', content]);
    await go(page, cluster, '/conversation?user1=alice&user2=bob');
    await page.page.getByText('I see you!').first().waitFor();
    await page.page.getByLabel('Message of bob to alice').fill('Shall we get a coffee first?');
    await page.page.getByRole('button', { name: 'Send as bob' }).click();
    await page.page.getByRole('region', { name: 'What alice sees' }).getByText('coffee').waitFor();
  },
};

const MESSAGE: ViewScene = {
  name: 'message',
  prepare: async ({ cluster }, page) => {
    const { messageId } = await send(urlOf(cluster), ['alice', 'bob', 'Did you get my last message?']);
    await go(page, cluster, `/messages/${messageId}`);
    await page.page.getByText('It is stored').first().waitFor();
  },
};

const DEAD_LETTERS: ViewScene = {
  name: 'dead-letters',
  prepare: async ({ cluster }, page) => {
    await poison({ topic: cluster.topic, brokers: cluster.brokers() });
    await page.go('Dead letters');
    await page.enterToken(cluster.operatorToken);
    const letter = page.page.getByRole('link', { name: /schema/i }).first();
    await eventually(async () => {
      await page.page.getByRole('button', { name: 'Refresh' }).click();
      await letter.waitFor({ timeout: 1000 });
    });
    await letter.click();
    await page.page.getByRole('heading', { name: /^Dead letter / }).waitFor();
  },
};

/** The leader is killed: the history has a term that expired. */
const LEADERSHIP: ViewScene = {
  name: 'leadership',
  prepare: async (scene, page) => {
    const { cluster } = scene;
    const { target, takenOver } = await LEADER.aim(scene);
    await cluster.kill(target);
    await eventually(() => takenOver(0), { within: TAKEOVER_MS });
    await page.go('Leadership');
    await cluster.launch(target);
    await eventually(() => requireWhole(cluster), { within: WHOLE_WITHIN_MS });
    await pause(3000);
  },
};

/** An ingest is killed, and not started again: its partitions wait, then move. */
const FLOW: ViewScene = {
  name: 'flow',
  prepare: async ({ cluster }, page) => {
    await page.go('Flow');
    await cluster.kill('ingest-2');
    await page.event('The ingest ingest-2 gives no sign of life.').waitFor();
  },
};

/** A broker is killed as well: partitions have a copy that is behind. */
const SERVERS: ViewScene = {
  name: 'servers',
  prepare: async ({ cluster }, page) => {
    await page.go('Servers');
    await cluster.kill('kafka-3');
    await page.page.getByRole('row', { name: /^3 gone/ }).waitFor({ timeout: ANSWER_MS });
    await pause(5000);
  },
};

/** In this order: each leaves the system as it is. */
export const SCENES: readonly ViewScene[] = [CONVERSATION, MESSAGE, DEAD_LETTERS, LEADERSHIP, FLOW, SERVERS];
