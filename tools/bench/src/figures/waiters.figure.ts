import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_DATABASE } from '@wiber/contracts';
import { requireMessage } from '@wiber/evidence';
import { AppMetrics, OwnSystem } from '@wiber/harness';
import { until } from '../processes/child.process.ts';
import { percentile, sorted, spreadOf } from '../statistics.ts';
import type { BenchRun } from '../system/bench.context.ts';
import { openStore } from '../system/bench.system.ts';
import { countsOf, ratesBetween, type Rates } from '../waiters/server.counts.ts';
import { WAIT_S, ask, inParts, type Answer } from '../waiters/waiting.client.ts';
import { roomFor } from '../waiters/waiters.room.ts';
import { round, type FigureResult, type OwnSystemsFigure } from './figure.ts';

const SENDS_AT_ONCE = 64;
const CONNECTS_AT_ONCE = 500;
/** After the last client has come, for what its coming has cost. */
const CALM_MS = 1000;
/** With the time in which the clients come, it fits into a wait. */
const WINDOW_MAX_S = 10;
/** Clients that come later than this would be gone before the window ends. */
const ALL_WAIT_WITHIN_MS = 16_000;

const filesMax = (): number =>
  Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? NaN);

interface Target extends BenchRun {
  system: OwnSystem;
  url: string;
  pid: number;
}

/** What the gateway and MongoDB do in a time in which no client comes or goes. */
const measureWindow = async ({ system, pid, seconds }: Target): Promise<Rates> => {
  const before = await countsOf(system, pid);
  await pause(Math.min(WINDOW_MAX_S, seconds) * 1000);
  return ratesBetween(before, await countsOf(system, pid));
};

const bodyOf = (index: number) => ({ fromUser: `waiter-${index}`, toUser: 'waited-for', content: `message ${index}` });

/** Half of the clients send and wait; the others wait for a message that was sent before, with a causal token. */
const startWaiting = async ({ url }: Target, waiters: number): Promise<{ answers: Promise<Answer[]> }> => {
  const half = Math.floor(waiters / 2);
  const sent = await inParts(half, SENDS_AT_ONCE, (index) =>
    ask(url, { method: 'POST', path: '/messages', body: bodyOf(index) }),
  );
  const lost = sent.find(({ status, location }) => status !== 202 || location === undefined);
  if (lost) throw new Error(`a send was answered ${lost.status}`);
  const { token } = await ask(url, { method: 'GET', path: '/messages/waiter-0/waited-for' });
  const prefer = { Prefer: `wait=${WAIT_S}` };
  const headers = { ...prefer, ...(token === undefined ? {} : { 'Causal-Token': token }) };
  const read = (index: number) => ask(url, { method: 'GET', path: sent[index]!.location!, headers });
  const send = (index: number) =>
    ask(url, { method: 'POST', path: '/messages', headers: prefer, body: bodyOf(half + index) });
  const pending: Promise<Answer>[] = [];
  // The clients come in groups: the queue of new connections of a socket is short.
  for (let index = 0; index < half; index += 1) {
    pending.push(read(index), send(index));
    if (pending.length % CONNECTS_AT_ONCE === 0) await pause(50);
  }
  return { answers: Promise.all(pending) };
};

/** When each message was stored, by the clock of ingest, in milliseconds since the epoch. */
const storedTimesOf = async ({ mongoUri }: OwnSystem): Promise<Map<string, number>> => {
  const store = await openStore(mongoUri, DEFAULT_DATABASE);
  try {
    const times = new Map<string, number>();
    for await (const document of store.all()) {
      const { messageId, storedAt } = requireMessage(document);
      times.set(messageId, storedAt);
    }
    return times;
  } finally {
    await store.close();
  }
};

const measure = async (target: Target, waiters: number): Promise<FigureResult> => {
  const { system, url, say } = target;
  await ask(url, { method: 'POST', path: '/messages', headers: { Prefer: 'wait=10' }, body: bodyOf(0) });
  // It writes all the time: the lease and its figures would hide what the waits add.
  await system.tell('stop', 'metrics-1');
  await system.tell('stop', 'ingest-1');
  await pause(CALM_MS);
  const without = await measureWindow(target);
  const { answers } = await startWaiting(target, waiters);
  const waiting = async () => (await AppMetrics.read(url)).sum('wiber_gateway_waits');
  await until(async () => (await waiting()) >= waiters, {
    what: `${waiters} clients wait`,
    withinMs: ALL_WAIT_WITHIN_MS,
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}; ${await waiting()} do`, { cause: error });
  });
  await pause(CALM_MS);
  const under = await measureWindow(target);
  const stillWaiting = await waiting();
  await system.tell('launch', 'ingest-1');
  const answered = await answers;
  const stored = await storedTimesOf(system);
  const late = answered.flatMap(({ status, messageId, answeredAt }) => {
    const storedAt = stored.get(messageId ?? '');
    return status < 300 && status !== 202 && storedAt !== undefined ? [answeredAt - storedAt] : [];
  });
  const statuses = Object.groupBy(answered, ({ status }) => String(status));
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(sorted(late), share)) as [number, number];
  const added = {
    cpuPercent: round(under.cpuPercent - without.cpuPercent, 1),
    operationsPerS: round(under.operationsPerS - without.operationsPerS, 1),
    writesPerS: round(under.writesPerS - without.writesPerS, 1),
    bytesPerWaiter: round(((under.residentMiB - without.residentMiB) * 1024 ** 2) / waiters, 0),
  };
  say(
    `  ${stillWaiting} wait: ${added.cpuPercent} % of a core, ${added.operationsPerS} operations/s of MongoDB and ` +
      `${added.writesPerS} writes/s of the gateway more than without; ${Math.round(under.residentMiB)} MiB; answer after store ` +
      `p50 ${p50} ms, p99 ${p99} ms of ${late.length}; ` +
      Object.entries(statuses)
        .map(([status, same = []]) => `${same.length} × ${status}`)
        .join(', '),
  );
  return {
    title: `${waiters.toLocaleString('en')} clients wait at one gateway: the answer after the store, p99`,
    unit: 'ms',
    wiber: spreadOf([p99]),
    goals: [
      { what: 'clients that wait until the end', got: stillWaiting, reach: waiters, type: 'at-least' },
      { what: 'answers after the store', got: late.length, reach: answered.length, type: 'at-least' },
      { what: 'operations/s of MongoDB added', got: added.operationsPerS, reach: 1, type: 'at-most' },
      { what: 'writes/s of the gateway added, Kafka included', got: added.writesPerS, reach: 50, type: 'at-most' },
      { what: '% of a core added', got: added.cpuPercent, reach: 10, type: 'at-most' },
    ],
    detail: { waiters, without, under, added, p50, p99 },
  };
};

/** Clients that wait for messages while ingest is stopped. When it goes on, all of them are answered at once. */
export const WAITERS: OwnSystemsFigure = {
  name: 'waiters',
  title: 'thousands of clients that wait at one gateway',
  measure: async (run) => {
    const { waiters, env } = roomFor(run.waiters, filesMax());
    if (waiters < run.waiters) run.say(`  ${filesMax()} open files of a process leave room for ${waiters} waiters`);
    const system = await OwnSystem.start({}, { env });
    try {
      const target = { ...run, system, url: system.urlOf('gateway'), pid: system.pids.get('gateway-1')! };
      return [await measure(target, waiters)];
    } finally {
      await system.close();
    }
  },
};
