import { join } from 'node:path';
import { firstLineOf, startNode } from '../processes/child.process.ts';
import type { AttackName } from './attack.plans.ts';

/** The job of an attack process, as JSON in its first argument. */
export interface AttackJob {
  url: string;
  attack: AttackName;
}

/** What an attack process did, as JSON on its last line. */
export interface AttackResult {
  /** What was sent, and what came back. */
  summary: string;
  /** What the attackers themselves took of the machine. */
  cpuSeconds: number;
}

/** Attacks until `stop`, which resolves once every connection of the attack is closed. */
export const startAttack = (job: AttackJob): { stop: () => Promise<AttackResult> } => {
  const child = startNode([join(import.meta.dirname, 'attack.process.ts'), JSON.stringify(job)]);
  const line = firstLineOf(child, 'the attack process');
  return {
    stop: async () => {
      child.stdin!.end();
      return JSON.parse(await line) as AttackResult;
    },
  };
};
