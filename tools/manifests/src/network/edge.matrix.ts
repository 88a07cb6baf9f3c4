import { ofKind } from '../document.ts';
import type { Overlay } from '../render/overlay.renderer.ts';
import { OTHER_PORT, actorsOf } from './actors.ts';
import type { Actor, Port } from './made.pods.ts';
import { neededEdges, type NeededEdge } from './needed.edges.ts';
import { mayPass, type Direction } from './policy.evaluator.ts';

/** One connection, whether the policies allow it, and whether somebody needs it. */
export interface Edge {
  from: Actor;
  to: Actor;
  port: Port;
  /** Whether both ends allow it. */
  isAllowed: boolean;
  /** Whether an end in the namespace of the overlay allows it, whatever the other end does. */
  isOpenAtAnEnd: boolean;
  /** Undefined: nobody needs it. */
  needed: NeededEdge | undefined;
}

/** Every connection with at least one end in the namespace of the overlay, also to a port on which nobody listens. */
export const edgesOf = (overlay: Overlay): Edge[] => {
  const actors = actorsOf(overlay);
  const needed = neededEdges(overlay, actors);
  const policies = ofKind(overlay.documents, 'NetworkPolicy');
  const isOwn = ({ namespace }: Actor) => namespace === overlay.namespace;
  return actors.flatMap((from) =>
    actors
      .filter((to) => isOwn(from) || isOwn(to))
      .flatMap((to) =>
        [...to.ports, OTHER_PORT].map((port) => {
          const { addresses = [] } = isOwn(from) ? to : from;
          const passes = (direction: Direction) =>
            (addresses.length > 0 ? addresses : [undefined]).every((address) =>
              mayPass(policies, direction, { from, to, port, address }),
            );
          const [egress, ingress] = [passes('Egress'), passes('Ingress')];
          return {
            from,
            to,
            port,
            isAllowed: egress && ingress,
            isOpenAtAnEnd: (egress && isOwn(from)) || (ingress && isOwn(to)),
            needed: needed.find(
              (one) =>
                one.from === from.name &&
                one.to === to.name &&
                one.port === port.port &&
                one.protocol === port.protocol,
            ),
          };
        }),
      ),
  );
};

/** The allowed connections as a table in Markdown: who connects, to whom, on which ports. */
export const matrixTable = (edges: readonly Edge[]): string => {
  const allowed = edges.filter((edge) => edge.isAllowed);
  const columns = [...new Set(allowed.map(({ to }) => to.name))];
  const rows = [...new Set(allowed.map(({ from }) => from.name))];
  const cell = (from: string, to: string): string =>
    allowed
      .filter((edge) => edge.from.name === from && edge.to.name === to)
      .map(({ port }) => (port.protocol === 'UDP' ? `${port.port}/UDP` : String(port.port)))
      .join(', ') || '·';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['from \\ to', ...columns]),
    line(['from', ...columns].map(() => '---')),
    ...rows.map((from) => line([from, ...columns.map((to) => cell(from, to))])),
  ].join('\n');
};
