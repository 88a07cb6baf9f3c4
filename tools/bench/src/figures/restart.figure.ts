import { setTimeout as pause } from 'node:timers/promises';
import { KeepAliveClient, OwnSystem, ProbedGateway, eventually } from '@wiber/harness';
import { spreadOf } from '../statistics.ts';
import { round, type FigureResult, type OwnSystemsFigure } from './figure.ts';

const CLIENTS = 100;
/** 100 clients with it send more than 500 messages a second, each answered within 100 ms. */
const PAUSE_MS = 90;
const DRAIN_MS = 5000;
/** What a stop may take after its drain. */
const AFTER_DRAIN_MS = 5000;
/** Sends go on for so long before, between and after the restarts. */
const BETWEEN_MS = 5000;

/** Stops a gateway and starts it again. Resolves to how long the stop took, in milliseconds. */
const restart = async (system: OwnSystem, { name, probed }: { name: string; probed: ProbedGateway }) => {
  const from = performance.now();
  await system.tell('stop', name);
  const stopMs = performance.now() - from;
  await system.tell('start', name);
  await eventually(() => {
    if (!probed.isServing) throw new Error(`${name} does not serve yet`);
  });
  return stopMs;
};

/** Both gateways of a cluster, one after the other, under clients that keep their connections and follow the probe. */
export const RESTART: OwnSystemsFigure = {
  name: 'restart',
  title: 'a rolling restart of both gateways at about 500 sends/s',
  measure: async ({ say }): Promise<FigureResult[]> => {
    const counts = { brokers: 3, mongod: 3, gateway: 2, ingest: 3 };
    const system = await OwnSystem.start(counts, { env: { DRAIN_MS: String(DRAIN_MS) } });
    const end = new AbortController();
    try {
      const gateways = system.urlsOf('gateway').map((url) => new ProbedGateway(url));
      const clients = Array.from({ length: CLIENTS }, (_, index) => new KeepAliveClient(`restart-${index}`, PAUSE_MS));
      const from = performance.now();
      const followed = gateways.map((gateway) => gateway.follow(end.signal));
      const work = clients.map((client) => client.sendUntil(end.signal, gateways));
      const stops: number[] = [];
      for (const [index, probed] of gateways.entries()) {
        await pause(BETWEEN_MS);
        stops.push(await restart(system, { name: `gateway-${index + 1}`, probed }));
        say(`  gateway-${index + 1} stopped in ${Math.round(stops[index]!)} ms`);
      }
      await pause(BETWEEN_MS);
      end.abort();
      await Promise.all([...followed, ...work]);
      const seconds = (performance.now() - from) / 1000;
      const sent = clients.reduce((sum, client) => sum + client.sent, 0);
      const failed = clients.flatMap((client) => client.failed);
      say(
        `  ${sent} sends were accepted in ${seconds.toFixed(0)} s, ${failed.length} failed ${failed.slice(0, 3).join()}`,
      );
      return [
        {
          title: 'sends during a rolling restart of both gateways',
          unit: 'messages/s',
          wiber: spreadOf([sent / seconds]),
          goals: [
            { what: 'sends that failed', got: failed.length, reach: 0, type: 'at-most' },
            {
              what: 'longest stop, ms',
              got: round(Math.max(...stops), 0),
              reach: DRAIN_MS + AFTER_DRAIN_MS,
              type: 'at-most',
            },
            { what: 'sends a second', got: round(sent / seconds, 0), reach: 500, type: 'at-least' },
          ],
          detail: { sent, seconds, stops },
        },
      ];
    } finally {
      end.abort();
      await system.close();
    }
  },
};
