import { peersLine, firstOf } from './log.lines.ts';
import {
  anyOf,
  leader,
  namesOf,
  primary,
  type Aim,
  type Choose,
  type Fault,
  type FaultContext,
  type Injected,
} from '../fault.ts';
import { slotOf } from '../fault.admission.ts';

/** One node, and those that the fault parts it from. */
interface Ends {
  one: string;
  peers: string[];
}

interface LinkKind {
  name: string;
  least?: Fault['least'];
  ends: (context: FaultContext) => Promise<Ends>;
}

const between =
  (one: Choose, other: Choose): LinkKind['ends'] =>
  async (context) => ({ one: await one(context), peers: [await other(context)] });

/** The chosen and all others of its kind. */
const amongPeers =
  (kind: string, one: Choose): LinkKind['ends'] =>
  async (context) => {
    const chosen = await one(context);
    return { one: chosen, peers: namesOf(context, kind).filter((name) => name !== chosen) };
  };

const twoBrokers: LinkKind['ends'] = async (context) => {
  const { one, peers } = await amongPeers('kafka', anyOf('kafka'))(context);
  return { one, peers: [context.random.pick(peers)] };
};

const PAIRS: LinkKind[] = [
  { name: 'gateway-broker', ends: between(anyOf('gateway'), anyOf('kafka')) },
  { name: 'ingest-broker', ends: between(anyOf('ingest'), anyOf('kafka')) },
  { name: 'gateway-primary', ends: between(anyOf('gateway'), primary) },
  { name: 'ingest-primary', ends: between(anyOf('ingest'), primary) },
  { name: 'broker-broker', least: { brokers: 2 }, ends: twoBrokers },
];
/** Parted from all its kind, and seen by every client: what it takes it can't hand on. */
const WHOLES: LinkKind[] = [
  { name: 'leader', least: { brokers: 2 }, ends: amongPeers('kafka', leader) },
  { name: 'primary', least: { mongod: 2 }, ends: amongPeers('mongo', primary) },
];

const DELAY_MS: [number, number] = [30, 400];

/** A link among servers of one kind takes one of them from the majority; between an app and a server both stay. */
const aimOf = async (context: FaultContext, kind: LinkKind): Promise<Aim> => {
  const { one, peers } = await kind.ends(context);
  const slot = slotOf(one);
  return {
    target: `${one}–${peers.join(',')}`,
    touches: [one, ...peers],
    takes: peers.some((peer) => slotOf(peer) === slot) ? [slot] : [],
  };
};

type Verb = 'cut' | 'delay';

const faultOf = (verb: Verb, name: string, kind: LinkKind): Fault => ({
  name,
  // A cut lasts longer than the elections and than the sessions of brokers.
  lastsMs: verb === 'cut' ? [12_000, 30_000] : [8000, 20_000],
  ...(kind.least ? { least: kind.least } : {}),
  needs: 'links',
  aim: (context) => aimOf(context, kind),
  inject: async (context, aim): Promise<Injected> => {
    const [one = '', ...peers] = aim.touches;
    const { system, random } = context;
    const ms = random.whole(...DELAY_MS);
    const heal = async () => void (await Promise.all(peers.map((peer) => system.heal(one, peer))));
    try {
      for (const peer of peers) await (verb === 'cut' ? system.cut(one, peer) : system.delay(one, peer, ms));
    } catch (error) {
      await heal();
      throw error;
    }
    const back = async () => void (await Promise.all(aim.touches.map((name) => context.health.serves(name))));
    const evidence: Injected['evidence'] = (span) => linkLines(context, { one, peers }, span);
    return { target: verb === 'cut' ? aim.target : `${aim.target} by ${ms} ms`, heal, back, evidence };
  },
});

/** What the links' own log says was held, and the first word of a server about it; undefined when no connection was met. */
const linkLines = (
  context: FaultContext,
  { one, peers }: Ends,
  span: { from: number; to: number },
): string | undefined => {
  const said = peers.map((peer) => {
    const link = [one, peer].sort().join('–');
    const healed = context.logs.all('links', span, new RegExp(`"op":"heal","link":"${link}"`));
    const met = healed.find((line) => (JSON.parse(line) as { connections: number }).connections > 0);
    return met === undefined ? undefined : `links: ${met}`;
  });
  if (said.includes(undefined)) return undefined;
  const noticed = firstOf([one, ...peers].map((name) => peersLine(context, name, span))) ?? appLine(context, one, span);
  return [...said, noticed].filter(Boolean).join('\n');
};

/** An app's own line about a server that does not answer. */
const appLine = ({ logs }: FaultContext, name: string, span: { from: number; to: number }): string | undefined =>
  logs.find(name, span, /timed out|not acknowledged|unavailable|ClosedConnection|Closed connection/);

export const LINK_FAULTS: readonly Fault[] = [
  ...PAIRS.flatMap((kind) => [faultOf('cut', `cut-${kind.name}`, kind), faultOf('delay', `delay-${kind.name}`, kind)]),
  ...WHOLES.flatMap((kind) => [
    faultOf('cut', `isolate-${kind.name}`, kind),
    faultOf('delay', `delay-${kind.name}`, kind),
  ]),
];
