import { eventually } from '@wiber/harness';
import type { Span } from '../../evidence/server.logs.ts';
import { Random } from '../../random.ts';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { findRestartLine, joinIfAllFound } from './log.lines.ts';
import { processesNamed } from './target.choice.ts';

/** How long a member stays down each time, in milliseconds. */
const DOWN_MS: [number, number] = [100, 1500];
/** How long the storm waits for a member to serve before it takes it down again. */
const SERVING_MS = 15_000;

/** All ingest members but one die or leave and come back, again and again, faster than the group can settle. */
export const STORM_FAULT: Fault = {
  name: 'rebalance-storm',
  durationMs: [12_000, 25_000],
  minimum: { ingest: 2 },
  aim: (context) => ({
    target: 'every ingest but one',
    touches: processesNamed(context, 'ingest'),
    takesDown: ['ingest'],
  }),
  inject: async (context, aim): Promise<InjectedFault> => {
    const [spared = '', ...names] = aim.touches;
    const members = names.map((name) => new StormMember(context, name));
    const storm = Promise.all(members.map((member) => member.run()));
    // heal() awaits the same promise and rethrows; this only silences the unhandled rejection until then.
    storm.catch(() => undefined);
    return {
      target: names.join(','),
      heal: async () => {
        for (const member of members) member.stop();
        await storm.finally(() => Promise.all(members.map((member) => member.launchIfDown())));
      },
      requireServing: async () =>
        void (await Promise.all([spared, ...names].map((name) => context.health.serves(name)))),
      findEvidence: (span) => findStormLines(context, names, span),
    };
  },
};

class StormMember {
  private readonly context: FaultContext;
  private readonly name: string;
  private readonly random: Random;
  private down = false;
  private stopping = false;

  constructor(context: FaultContext, name: string) {
    this.context = context;
    this.name = name;
    this.random = new Random(context.random.whole(1, 1_000_000));
  }

  /** Takes the member down and up again, until `stop`. */
  async run(): Promise<void> {
    const { random, name, context } = this;
    while (!this.stopping) {
      this.down = true;
      await context.system.tell(random.chance(0.5) ? 'kill' : 'stop', name);
      await new Promise<void>((resolve) => setTimeout(resolve, random.whole(...DOWN_MS)));
      await this.launchIfDown();
      await eventually(() => context.health.serves(name), { within: SERVING_MS }).catch(() => undefined);
    }
  }

  stop(): void {
    this.stopping = true;
  }

  async launchIfDown(): Promise<void> {
    if (this.down) await this.context.system.tell('launch', this.name);
    this.down = false;
  }
}

/**
 * The next start of each member, and the last rebalance that a coordinator logged. A missing rebalance line is no
 * failure: while a coordinator is cut off, the whole storm may be one long rebalance.
 */
const findStormLines = (context: FaultContext, members: string[], span: Span): string | undefined => {
  const starts = members.map((member) => findRestartLine(context, member, span));
  const rebalances = processesNamed(context, 'kafka').flatMap((name) =>
    context.logs.all(name, span, /Preparing to rebalance group/).map((line) => `${name}: ${line}`),
  );
  const count = rebalances.length;
  const summary = count === 0 ? 'no rebalance' : `${count} rebalances, the last of them\n${rebalances.at(-1)}`;
  return joinIfAllFound([...starts, summary]);
};
