import { existsSync, readFileSync } from 'node:fs';
import { isOnPath, tryCommand } from './command.run.ts';

/** 1: what goes over a bridge also passes the rules of iptables (Linux, net/bridge/br_netfilter). */
const BRIDGE_ASKS_IPTABLES = '/proc/sys/net/bridge/bridge-nf-call-iptables';

/** Whether the rules that `iptables -S FORWARD` prints drop what no rule names. */
export const dropsByDefault = (rules: string): boolean => /^-P FORWARD (?:DROP|REJECT)$/m.test(rules);

/**
 * Why the containers of an engine of our own, which changes no firewall, can't reach each other: one line that says what to do.
 * A dockerd with its usual settings leaves the policy of FORWARD at DROP when it ends.
 */
export const forwardingProblem = async (): Promise<string | undefined> => {
  if (!existsSync(BRIDGE_ASKS_IPTABLES) || readFileSync(BRIDGE_ASKS_IPTABLES, 'utf8').trim() !== '1') return undefined;
  if (!isOnPath('iptables')) return undefined;
  const { code, stdout } = await tryCommand(['iptables', '-S', 'FORWARD'], { within: 15_000 });
  if (code !== 0 || !dropsByDefault(stdout)) return undefined;
  return (
    'the firewall of this machine drops what containers send to each other, as a dockerd that has ended leaves it; start that ' +
    'engine again, or run iptables -P FORWARD ACCEPT'
  );
};
