import type { Span } from '../../evidence/server.logs.ts';
import type { FaultContext } from '../fault.ts';
import { processesNamed } from './target.choice.ts';

const prefixOf = (name: string): string => name.split('-')[0] ?? '';
const numberOf = (name: string): string => name.split('-')[1] ?? '';

/** What each kind of process writes when it starts. */
const START_LINE: Record<string, RegExp> = {
  kafka: /\[BrokerServer id=\d+\] Starting broker/,
  mongo: /"msg":"MongoDB starting"/,
  gateway: /"msg":"the gateway listens"/,
  ingest: /"msg":"health and metrics are served"/,
  metrics: /"msg":"health and metrics are served"/,
};

/** How long a busy machine may need to start a server. */
const START_MS = 60_000;

/** The target's own line about its start after the fault. */
export const findRestartLine = ({ logs }: FaultContext, target: string, span: Span): string | undefined =>
  logs.find(target, { from: span.from, to: span.to + START_MS }, START_LINE[prefixOf(target)]!);

/** Which processes write about a target that does not answer, and the line that they write. */
const peerReport = ({ system }: FaultContext, target: string): { writers: string; line: RegExp } | undefined => {
  const number = numberOf(target);
  switch (prefixOf(target)) {
    case 'kafka':
      return {
        writers: 'kafka',
        line: new RegExp(`Fencing broker ${number} |isconnect\\w* from node ${number} |Node ${number} disconn`),
      };
    case 'mongo': {
      const address = system.run.mongo.find(({ id }) => id === target)?.address ?? '';
      return { writers: 'mongo', line: new RegExp(`"msg":"Member is now in state DOWN".*"${address}"`) };
    }
    case 'ingest':
      return { writers: 'kafka', line: new RegExp(`Member ${target}-\\S+ in group \\S+ has failed`) };
    case 'metrics':
      return { writers: 'metrics', line: /"msg":"this process leads"/ };
    default:
      return undefined;
  }
};

/** The first line in which another server reports that the target does not answer. */
export const findPeerLine = (context: FaultContext, target: string, span: Span): string | undefined => {
  const report = peerReport(context, target);
  if (!report) return undefined;
  const peers = processesNamed(context, report.writers).filter((name) => name !== target);
  return firstFound(peers.map((peer) => context.logs.find(peer, span, report.line)));
};

export const firstFound = (lines: (string | undefined)[]): string | undefined =>
  lines.find((line) => line !== undefined);

/** All lines as one text, or undefined when one of them was not found. */
export const joinIfAllFound = (lines: (string | undefined)[]): string | undefined =>
  lines.some((line) => line === undefined) ? undefined : lines.join('\n');
