import type { Span } from '../../evidence/server.logs.ts';
import { namesOf, type FaultContext } from '../fault.ts';

const kindOf = (name: string): string => name.split('-')[0] ?? '';
const numberOf = (name: string): string => name.split('-')[1] ?? '';

/** What each writes when it begins anew. */
const RESTART: Record<string, RegExp> = {
  kafka: /\[BrokerServer id=\d+\] Starting broker/,
  mongo: /"msg":"MongoDB starting"/,
  gateway: /"msg":"the gateway listens"/,
  ingest: /"msg":"health and metrics are served"/,
};

/** A busy machine may take so long to start a server. */
const START_MS = 60_000;

/** The target's own line about the start that followed. */
export const restartLine = ({ logs }: FaultContext, target: string, span: Span): string | undefined =>
  logs.find(target, { from: span.from, to: span.to + START_MS }, RESTART[kindOf(target)]!);

/** What others write of one that does not answer. */
const missed = ({ system }: FaultContext, target: string): { by: string; line: RegExp } | undefined => {
  const number = numberOf(target);
  switch (kindOf(target)) {
    case 'kafka':
      return {
        by: 'kafka',
        line: new RegExp(`Fencing broker ${number} |isconnect\\w* from node ${number} |Node ${number} disconn`),
      };
    case 'mongo': {
      const address = system.run.mongo.find(({ id }) => id === target)?.address ?? '';
      return { by: 'mongo', line: new RegExp(`"msg":"Member is now in state DOWN".*"${address}"`) };
    }
    case 'ingest':
      return { by: 'kafka', line: new RegExp(`Member ${target}-\\S+ in group \\S+ has failed`) };
    default:
      return undefined;
  }
};

/** A line of another server about the target: the first that any of them wrote. */
export const peersLine = (context: FaultContext, target: string, span: Span): string | undefined => {
  const mark = missed(context, target);
  if (!mark) return undefined;
  const peers = namesOf(context, mark.by).filter((name) => name !== target);
  return firstOf(peers.map((peer) => context.logs.find(peer, span, mark.line)));
};

export const firstOf = (lines: (string | undefined)[]): string | undefined => lines.find((line) => line !== undefined);

/** All of them, or undefined when one is missing. */
export const linesOf = (lines: (string | undefined)[]): string | undefined =>
  lines.some((line) => line === undefined) ? undefined : lines.join('\n');
