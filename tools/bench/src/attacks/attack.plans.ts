import type { HostilePlan } from '@wiber/harness';

/** What one gateway is attacked with: each plan again and again, with a second between two rounds. */
export const ATTACKS: Record<string, HostilePlan> = {
  'names of combining marks': { marks: 40 },
  'bodies of unknown fields': { fields: 200 },
  'pipelined waits': { waits: 50_000 },
  'pipelined counts': { counts: 20_000 },
  'clients that read nothing': { deaf: 40 },
  'half requests': { halfOpen: 3000 },
};

export type AttackName = keyof typeof ATTACKS;

/** Its messages are as long as messages can be: a page of 500 has 2.5 MB. */
export const LARGE_CONVERSATION = { prefix: 'large', messages: 500, contentBytes: 5000 };
