import { eventually } from '@wiber/harness';
import { Random } from '../../random.ts';
import { linesOf, restartLine } from './log.lines.ts';
import { namesOf, type Fault, type FaultContext, type Injected } from '../fault.ts';
import type { Span } from '../../evidence/server.logs.ts';

/** How long a member is away, and the longest it is waited for once it is back, in milliseconds. */
const AWAY_MS: [number, number] = [100, 1500];
const JOINED_MS = 15_000;

/** Ingest members die, leave and come back faster than the group settles; one is always left to itself. */
export const STORM: Fault = {
  name: 'rebalance-storm',
  lastsMs: [12_000, 25_000],
  least: { ingest: 2 },
  aim: (context) => ({ target: 'every ingest but one', touches: namesOf(context, 'ingest'), takes: ['ingest'] }),
  inject: async (context, aim): Promise<Injected> => {
    const [spared = '', ...members] = aim.touches;
    const drifters = members.map((member) => new Drifter(context, member));
    const blowing = Promise.all(drifters.map((drifter) => drifter.drift()));
    // Its failure is the heal's: until then nobody waits for it.
    blowing.catch(() => undefined);
    return {
      target: members.join(','),
      heal: async () => {
        for (const drifter of drifters) drifter.end();
        await blowing.finally(() => Promise.all(drifters.map((drifter) => drifter.comeBack())));
      },
      back: async () => void (await Promise.all([spared, ...members].map((name) => context.health.serves(name)))),
      evidence: (span) => stormLines(context, members, span),
    };
  },
};

/** One member: it leaves or dies, comes back, and leaves again once it has joined. */
class Drifter {
  private readonly context: FaultContext;
  private readonly member: string;
  private readonly random: Random;
  private away = false;
  private ending = false;

  constructor(context: FaultContext, member: string) {
    this.context = context;
    this.member = member;
    this.random = new Random(context.random.whole(1, 1_000_000));
  }

  async drift(): Promise<void> {
    const { random, member, context } = this;
    while (!this.ending) {
      this.away = true;
      await context.system.tell(random.chance(0.5) ? 'kill' : 'stop', member);
      await new Promise<void>((resolve) => setTimeout(resolve, random.whole(...AWAY_MS)));
      await this.comeBack();
      await eventually(() => context.health.serves(member), { within: JOINED_MS }).catch(() => undefined);
    }
  }

  end(): void {
    this.ending = true;
  }

  async comeBack(): Promise<void> {
    if (this.away) await this.context.system.tell('launch', this.member);
    this.away = false;
  }
}

/** Each member's next start, and what the coordinators wrote: where one is cut off there may be a single long rebalance. */
const stormLines = (context: FaultContext, members: string[], span: Span): string | undefined => {
  const starts = members.map((member) => restartLine(context, member, span));
  const lines = namesOf(context, 'kafka').flatMap((name) =>
    context.logs.all(name, span, /Preparing to rebalance group/).map((line) => `${name}: ${line}`),
  );
  const last = lines.length === 0 ? 'no rebalance' : `${lines.length} rebalances, the last of them\n${lines.at(-1)}`;
  return linesOf([...starts, last]);
};
