import { namesOf, type Fault, type FaultContext, type Injected } from './fault.ts';
import type { Span } from '../evidence/server.logs.ts';

/** Between two members that leave or come, in milliseconds. */
const EVERY_MS: [number, number] = [200, 1500];

/** Ingest members die, leave and come back faster than the group settles; one is always left to itself. */
export const STORM: Fault = {
  name: 'rebalance-storm',
  lastsMs: [8000, 20_000],
  least: { ingest: 2 },
  aim: (context) => ({ target: 'every ingest but one', touches: namesOf(context, 'ingest'), takes: ['ingest'] }),
  inject: async (context, aim): Promise<Injected> => {
    const [spared = '', ...members] = aim.touches;
    const storm = new Storm(context, members);
    const blowing = storm.blow();
    // Its failure is the heal's: until then nobody waits for it.
    blowing.catch(() => undefined);
    return {
      target: members.join(','),
      heal: async () => {
        storm.end();
        await blowing.finally(() => storm.calm());
      },
      back: async () => void (await Promise.all([spared, ...members].map((name) => context.health.serves(name)))),
      evidence: (span) => rebalances(context, span),
    };
  },
};

class Storm {
  private readonly context: FaultContext;
  private readonly members: string[];
  private readonly away = new Set<string>();
  private ending = false;

  constructor(context: FaultContext, members: string[]) {
    this.context = context;
    this.members = members;
  }

  async blow(): Promise<void> {
    const { system, random } = this.context;
    while (!this.ending) {
      const member = random.pick(this.members);
      if (this.away.delete(member)) await system.tell('launch', member);
      else {
        this.away.add(member);
        await system.tell(random.chance(0.5) ? 'kill' : 'stop', member);
      }
      await new Promise<void>((resolve) => setTimeout(resolve, random.whole(...EVERY_MS)));
    }
  }

  end(): void {
    this.ending = true;
  }

  async calm(): Promise<void> {
    for (const member of this.away) await this.context.system.tell('launch', member);
  }
}

const rebalances = (context: FaultContext, span: Span): string | undefined => {
  const lines = namesOf(context, 'kafka').flatMap((name) =>
    context.logs.all(name, span, /Preparing to rebalance group/).map((line) => `${name}: ${line}`),
  );
  return lines.length < 2 ? undefined : `${lines.length} rebalances, the last of them\n${lines.at(-1)}`;
};
