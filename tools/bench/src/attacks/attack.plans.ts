import type { HostilePlan } from '@wiber/harness';

/** What one gateway is attacked with: each plan again and again, with a second between two rounds. */
export const ATTACKS = {
  'names of combining marks': { marks: 40 },
  'bodies of unknown fields': { fields: 200 },
  'bodies of objects': { objects: 200 },
  'floods of small requests': { floods: 100 },
  'pipelined waits': { waits: 50_000 },
  'pipelined counts': { counts: 20_000 },
  'clients that read nothing': { deaf: 40 },
  'half requests': { halfOpen: 4300 },
  'pipelined cheap requests': { pipelined: 20 },
  'pipelined series of figures': { figures: 5000 },
  'pipelined overviews': { overviews: 20_000 },
  'pipelined pages of 50 large messages': { pages: 500 },
  'clients that read no file': { deafToFiles: 345 },
} as const satisfies Record<string, HostilePlan>;

export type AttackName = keyof typeof ATTACKS;
export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];

/** Of which clients ask for pages. Its messages are as long as messages can be, so a page of 500 has 10 MB. */
export const LARGE_CONVERSATION = { users: ['large-a', 'large-b'], messages: 500, content: '😀'.repeat(5000) } as const;
