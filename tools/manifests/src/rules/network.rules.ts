import { edgesOf, type Edge } from '../network/edge.matrix.ts';
import { finding, type Rule } from './overlay.view.ts';

const text = ({ from, to, port }: Edge): string => `${from.name} → ${to.name}, ${port.protocol} ${port.port}`;

/**
 * The network policies allow each connection that somebody needs. None that nobody needs is allowed at either end: one end
 * would still refuse it, until somebody changes that end for another reason.
 */
export const networkRules: Rule = (view) =>
  edgesOf(view).flatMap((edge) => {
    if (edge.needed && !edge.isAllowed)
      return [finding('edge_refused', `NetworkPolicy of ${edge.from.name}`, `${text(edge)}: ${edge.needed.why}`)];
    if (!edge.needed && edge.isOpenAtAnEnd)
      return [finding('edge_open', `NetworkPolicy of ${edge.to.name}`, `${text(edge)}: nobody needs it`)];
    return [];
  });
