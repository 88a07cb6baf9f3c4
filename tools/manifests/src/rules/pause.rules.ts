import { labelsAt, nameOf, valueAt } from '../document.ts';
import { finding, type OverlayView, type Rule } from './overlay.view.ts';

/** Annotations with which KEDA and Strimzi leave an object alone. */
const PAUSES = /^(?:autoscaling\.keda\.sh\/paused|strimzi\.io\/pause-reconciliation)/;

/** No object is left alone by the controller that looks after it: a change of it would do nothing, and nobody would say so. */
export const pauseRules: Rule = ({ documents }: OverlayView) =>
  documents.flatMap((document) => {
    const annotated = Object.entries(labelsAt(document, 'metadata', 'annotations'))
      .filter(([name, value]) => PAUSES.test(name) && value !== 'false')
      .map(([name]) => name);
    const fields = ['paused', 'suspend'].filter((field) => valueAt(document, 'spec', field) === true);
    return [...annotated, ...fields].map((what) =>
      finding('paused', nameOf(document), `${what} is set; nothing changes it`),
    );
  });
