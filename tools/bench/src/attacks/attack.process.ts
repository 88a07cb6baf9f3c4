// The attackers have a process of their own, so that they never keep the probe and the load waiting.
import { HostileClients } from '@wiber/harness';
import type { AttackJob } from './attack.client.ts';
import { ATTACKS, LARGE_CONVERSATION } from './attack.plans.ts';

const { url, attack } = JSON.parse(process.argv[2] ?? '') as AttackJob;
const clients = new HostileClients(url, ATTACKS[attack], {
  whole: (from, to) => from + Math.floor(Math.random() * (to - from + 1)),
  conversation: () => LARGE_CONVERSATION.users,
});
process.stdin.resume().once('end', () => {
  const { user, system } = process.cpuUsage();
  void clients.stop().then(() => {
    const result = { summary: clients.counts.summary() ?? 'no answer', cpuSeconds: (user + system) / 1e6 };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  });
});
