import { setTimeout as pause } from 'node:timers/promises';
import { OwnSystem } from '@wiber/harness';
import { startAttack } from '../attacks/attack.client.ts';
import { LARGE_CONVERSATION, type AttackName } from '../attacks/attack.plans.ts';
import { watchGateway } from '../attacks/gateway.watch.ts';
import { answeredWell, runLoad } from '../load/load.client.ts';
import { cpuSecondsOfAll } from '../processes/process.usage.ts';
import { percentile, sorted, spreadOf } from '../statistics.ts';
import type { BenchRun } from '../system/bench.context.ts';
import { round, type FigureResult, type OwnSystemsFigure } from './figure.ts';

const SENDERS = 32;
/** Before the sends of others are measured under an attack, it runs for so long. */
const ATTACK_FIRST_MS = 2000;
/** What the limits of the gateway add up to: docs/guarantees.md, "What one gateway holds in memory". */
const RESIDENT_MAX_MIB = 1024;

interface Target extends BenchRun {
  url: string;
  system: OwnSystem;
}

/** Others send as fast as they are answered. */
const measureSends = async ({ url, system, seconds }: Target, prefix: string) => {
  const request = { type: 'post', prefix, conversations: 1000, contentBytes: 200 } as const;
  const watch = watchGateway(url, system.pids.get('gateway-1')!);
  const before = cpuSecondsOfAll(system.pids);
  const load = await runLoad({ url, connections: SENDERS, warmSeconds: 1, seconds, request });
  const { livenessMs, residentMiB } = await watch.stop();
  const cpuSeconds = [...cpuSecondsOfAll(system.pids)].map(
    ([name, used]) => [name, round(used - before.get(name)!)] as const,
  );
  const liveness = sorted(livenessMs);
  return {
    rate: answeredWell(load) / load.seconds,
    statuses: load.statuses,
    livenessP99: percentile(liveness, 0.99),
    livenessMax: percentile(liveness, 1),
    probes: livenessMs.length,
    residentMiB,
    cpuSeconds: { ...Object.fromEntries(cpuSeconds), load: round(load.cpuSeconds) },
  };
};

const measureAttack = async (target: Target, attack: AttackName): Promise<FigureResult> => {
  const { url, say } = target;
  const without = [await measureSends(target, `before-${attack.replaceAll(' ', '-')}`)];
  const attackers = startAttack({ url, attack });
  await pause(ATTACK_FIRST_MS);
  const under = await measureSends(target, `under-${attack.replaceAll(' ', '-')}`);
  const { summary, cpuSeconds } = await attackers.stop();
  without.push(await measureSends(target, `after-${attack.replaceAll(' ', '-')}`));
  const calm = (without[0]!.rate + without[1]!.rate) / 2;
  const ratio = round(under.rate / calm, 3);
  say(
    `  ${attack}: ${Math.round(under.rate)}/s, ${ratio} of ${Math.round(calm)}; liveness p99 ${under.livenessP99.toFixed(0)} ms, ` +
      `max ${under.livenessMax.toFixed(0)} ms of ${under.probes}; ${Math.round(under.residentMiB)} MiB; ${summary}`,
  );
  return {
    title: `POST by others while a gateway is attacked: ${attack}`,
    unit: 'messages/s',
    wiber: spreadOf([under.rate]),
    goals: [
      { what: 'of the rate without the attack', got: ratio, reach: 0.7, type: 'at-least' },
      { what: 'p99 of liveness, ms', got: round(under.livenessP99, 1), reach: 250, type: 'at-most' },
      { what: 'resident MiB', got: round(under.residentMiB, 0), reach: RESIDENT_MAX_MIB, type: 'at-most' },
    ],
    detail: { under, without, attackers: { summary, cpuSeconds } },
  };
};

/** Fills the conversation of which clients that read nothing ask for pages. */
const sendLargeMessages = async (url: string): Promise<void> => {
  const { users, messages, content } = LARGE_CONVERSATION;
  const [fromUser, toUser] = users;
  const body = JSON.stringify({ fromUser, toUser, content });
  for (let sent = 0; sent < messages; sent += 1) {
    const answer = await fetch(`${url}/messages`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    if (answer.status !== 202) throw new Error(`a large message was answered ${answer.status}: ${await answer.text()}`);
    await answer.text();
  }
};

/** One gateway, attacked in each way for itself. The attackers run on the same machine: what they take is in the detail. */
export const ATTACKS_FIGURE: OwnSystemsFigure = {
  name: 'attacks',
  title: 'sends of others, liveness and memory while one gateway is attacked',
  measure: async (run) => {
    const system = await OwnSystem.start();
    try {
      const target = { ...run, url: system.urlOf('gateway'), system };
      await sendLargeMessages(target.url);
      const results: FigureResult[] = [];
      for (const attack of run.attacks) results.push(await measureAttack(target, attack));
      return results;
    } finally {
      await system.close();
    }
  },
};
