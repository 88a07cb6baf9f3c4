import { nameOf, ofKind } from '../document.ts';
import { blocksOf, type AddressBlock } from '../network/address.block.ts';
import { edgesOf, type Edge } from '../network/edge.matrix.ts';
import type { Finding } from './finding.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** Of a block: as many as the range of a managed control plane has. */
const MOST_ADDRESSES = 16;

const text = ({ from, to, port }: Edge): string => `${from.name} → ${to.name}, ${port.protocol} ${port.port}`;

const blockFault = ({ direction, addresses, ports, purpose, cidr }: AddressBlock): string | undefined => {
  if (direction === 'ingress') return `it lets ${cidr} in; who may connect is named by labels`;
  if (addresses > MOST_ADDRESSES)
    return `${cidr} has ${addresses} addresses; name those of the API server or the DNS alone`;
  return purpose === 'other' ? `it opens the ports ${ports.join(', ') || 'of every number'} of ${cidr}` : undefined;
};

/** An address says nothing of who is there, so a block is small, and leads only to what has no pods that a label could name. */
const blockFindings = ({ documents }: OverlayView): Finding[] =>
  ofKind(documents, 'NetworkPolicy').flatMap((policy) =>
    blocksOf(policy).flatMap((block) => {
      const fault = blockFault(block);
      return fault === undefined ? [] : [finding('edge_open', nameOf(policy), `${fault}: nobody needs it`)];
    }),
  );

/**
 * The network policies allow each connection that somebody needs. None that nobody needs is allowed at either end: one end
 * would still refuse it, until somebody changes that end for another reason.
 */
export const networkRules: Rule = (view) => [
  ...blockFindings(view),
  ...edgesOf(view).flatMap((edge) => {
    if (edge.needed && !edge.needed.isTolerated && !edge.isAllowed)
      return [finding('edge_refused', `NetworkPolicy of ${edge.from.name}`, `${text(edge)}: ${edge.needed.why}`)];
    if (!edge.needed && edge.isOpenAtAnEnd)
      return [finding('edge_open', `NetworkPolicy of ${edge.to.name}`, `${text(edge)}: nobody needs it`)];
    return [];
  }),
];
