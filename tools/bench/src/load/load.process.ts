// The load generator has a process of its own, so that its CPU time is not counted as that of the system.
import { Client } from 'undici';
import { percentile, sorted } from '../statistics.ts';
import type { LoadJob, LoadResult } from './load.job.ts';
import { requestOf } from './load.request.ts';

const job = JSON.parse(process.argv[2] ?? '') as LoadJob;
const statuses: Record<string, number> = {};
const latencies: number[] = [];
const unacknowledged: number[] = [];
let sequence = 0;
let sent = 0;
let handled = 0;
let bodyBytes = 0;

const clients = Array.from({ length: job.connections }, () => new Client(job.url, { pipelining: 1 }));
const start = performance.now() + (job.warmSeconds ?? 0) * 1000;
const stop = start + job.seconds * 1000;

/** Resolves after the whole answer. Never rejects: a failure is counted. @param from when the request was due */
const ask = (client: Client, from: number): Promise<void> =>
  new Promise((resolve) => {
    const number = sequence++;
    let status = 0;
    let bytes = 0;
    const end = () => {
      resolve();
      handled += 1;
      if (from < start) return;
      sent += 1;
      bodyBytes += bytes;
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 200 && status < 300) latencies.push(performance.now() - from);
      else unacknowledged.push(number);
    };
    client.dispatch(requestOf(job, number), {
      onRequestStart: () => undefined,
      onResponseStart: (_, code) => void (status = code),
      onResponseData: (_, chunk) => void (bytes += chunk.length),
      onResponseEnd: end,
      onResponseError: () => {
        status = 0;
        end();
      },
    });
  });

const closedLoop = async (client: Client): Promise<void> => {
  while (performance.now() < stop) await ask(client, performance.now());
};

/** Latency counts from when a request was due, so that a stall shows in every request that was due during it. */
const openLoop = async (ratePerS: number): Promise<void> => {
  const total = Math.round(ratePerS * job.seconds);
  const inFlight = new Set<Promise<void>>();
  let next = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * ratePerS));
      for (; next < due; next += 1) {
        const one = ask(clients[next % clients.length]!, start + (next / ratePerS) * 1000);
        inFlight.add(one);
        void one.then(() => inFlight.delete(one));
      }
      if (next < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(inFlight);
};

if (job.ratePerS === undefined) await Promise.all(clients.map(closedLoop));
else await openLoop(job.ratePerS);
const seconds = (performance.now() - start) / 1000;
await Promise.all(clients.map((client) => client.close()));

const ordered = sorted(latencies);
const { user, system } = process.cpuUsage();
const result: LoadResult = {
  sent,
  handled,
  seconds,
  statuses,
  p50: percentile(ordered, 0.5),
  p99: percentile(ordered, 0.99),
  max: percentile(ordered, 1),
  bodyBytes,
  unacknowledged,
  cpuSeconds: (user + system) / 1e6,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
