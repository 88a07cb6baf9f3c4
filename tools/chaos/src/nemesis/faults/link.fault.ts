import type { Span } from '../../evidence/server.logs.ts';
import type { Aim, Fault, FaultContext, InjectedFault } from '../fault.ts';
import { processKindOf } from '../process.kind.ts';
import { findPeerLine, firstFound } from './log.lines.ts';
import {
  anyProcess,
  currentPrimary,
  leaderOfAnyPartition,
  metricsContender,
  metricsLeader,
  processesNamed,
  type ChooseTarget,
} from './target.choice.ts';

/** One process, and the peers whose links to it the fault cuts or delays. */
interface LinkEnds {
  one: string;
  peers: string[];
}

interface LinkKind {
  name: string;
  minimum?: Fault['minimum'];
  chooseEnds: (context: FaultContext) => Promise<LinkEnds>;
}

const between =
  (one: ChooseTarget, other: ChooseTarget): LinkKind['chooseEnds'] =>
  async (context) => ({ one: await one(context), peers: [await other(context)] });

/** The chosen process and all others of its kind. */
const fromAllPeers =
  (prefix: string, choose: ChooseTarget): LinkKind['chooseEnds'] =>
  async (context) => {
    const one = await choose(context);
    return { one, peers: processesNamed(context, prefix).filter((name) => name !== one) };
  };

const twoBrokers: LinkKind['chooseEnds'] = async (context) => {
  const { one, peers } = await fromAllPeers('kafka', anyProcess('kafka'))(context);
  return { one, peers: [context.random.pick(peers)] };
};

const PAIRS: LinkKind[] = [
  { name: 'gateway-broker', chooseEnds: between(anyProcess('gateway'), anyProcess('kafka')) },
  { name: 'ingest-broker', chooseEnds: between(anyProcess('ingest'), anyProcess('kafka')) },
  { name: 'gateway-primary', chooseEnds: between(anyProcess('gateway'), currentPrimary) },
  { name: 'ingest-primary', chooseEnds: between(anyProcess('ingest'), currentPrimary) },
  { name: 'metrics-leader-primary', chooseEnds: between(metricsLeader, currentPrimary) },
  {
    name: 'metrics-contender-primary',
    minimum: { metrics: 2 },
    chooseEnds: between(metricsContender, currentPrimary),
  },
  { name: 'broker-broker', minimum: { brokers: 2 }, chooseEnds: twoBrokers },
];
/** Cut off from all its peers and still reachable for every client: it accepts writes that it cannot replicate. */
const ISOLATED: LinkKind[] = [
  { name: 'leader', minimum: { brokers: 2 }, chooseEnds: fromAllPeers('kafka', leaderOfAnyPartition) },
  { name: 'primary', minimum: { mongod: 2 }, chooseEnds: fromAllPeers('mongo', currentPrimary) },
];

const DELAY_MS: [number, number] = [30, 400];

/** A fault between servers of one kind takes one of them from the majority. Between an app and a server both stay up. */
const aimAtLinks = async (context: FaultContext, kind: LinkKind): Promise<Aim> => {
  const { one, peers } = await kind.chooseEnds(context);
  const processKind = processKindOf(one);
  return {
    target: `${one}–${peers.join(',')}`,
    touches: [one, ...peers],
    takesDown: peers.some((peer) => processKindOf(peer) === processKind) ? [processKind] : [],
  };
};

type LinkAction = 'cut' | 'delay';

const linkFault = (action: LinkAction, name: string, kind: LinkKind): Fault => ({
  name,
  // A cut lasts longer than an election and longer than a broker's session.
  durationMs: action === 'cut' ? [12_000, 30_000] : [8000, 20_000],
  ...(kind.minimum ? { minimum: kind.minimum } : {}),
  needs: 'links',
  aim: (context) => aimAtLinks(context, kind),
  inject: async (context, aim): Promise<InjectedFault> => {
    const [one = '', ...peers] = aim.touches;
    const { system, random, health } = context;
    const ms = random.whole(...DELAY_MS);
    const heal = async () => void (await Promise.all(peers.map((peer) => system.heal(one, peer))));
    try {
      for (const peer of peers) await (action === 'cut' ? system.cut(one, peer) : system.delay(one, peer, ms));
    } catch (error) {
      await heal();
      throw error;
    }
    return {
      target: action === 'cut' ? aim.target : `${aim.target} by ${ms} ms`,
      heal,
      requireServing: async () => void (await Promise.all(aim.touches.map((process) => health.serves(process)))),
      findEvidence: (span) => findLinkLines(context, { one, peers }, span),
    };
  },
});

/**
 * The lines of the links' own log, and the first line in which a server notices the fault. Undefined when a link carried
 * no connection, because then the fault had no effect.
 */
const findLinkLines = (context: FaultContext, { one, peers }: LinkEnds, span: Span): string | undefined => {
  const linkLines = peers.map((peer) => {
    const link = [one, peer].sort().join('–');
    const healed = context.logs.all('links', span, new RegExp(`"op":"heal","link":"${link}"`));
    const affected = healed.find((line) => (JSON.parse(line) as { connections: number }).connections > 0);
    return affected === undefined ? undefined : `links: ${affected}`;
  });
  if (linkLines.includes(undefined)) return undefined;
  const peerLine = firstFound([one, ...peers].map((name) => findPeerLine(context, name, span)));
  return [...linkLines, peerLine ?? findAppLine(context, one, span)].filter(Boolean).join('\n');
};

/** An app's own line about a server that does not answer. */
const findAppLine = ({ logs }: FaultContext, name: string, span: Span): string | undefined =>
  logs.find(name, span, /timed out|not acknowledged|unavailable|is unknown|ClosedConnection|Closed connection/);

export const LINK_FAULTS: readonly Fault[] = [
  ...PAIRS.flatMap((kind) => [
    linkFault('cut', `cut-${kind.name}`, kind),
    linkFault('delay', `delay-${kind.name}`, kind),
  ]),
  ...ISOLATED.flatMap((kind) => [
    linkFault('cut', `isolate-${kind.name}`, kind),
    linkFault('delay', `delay-${kind.name}`, kind),
  ]),
];
