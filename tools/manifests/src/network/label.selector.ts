import { labelsAt, listAt, objectsAt, textAt, type Value } from '../document.ts';

type Labels = Readonly<Record<string, string>>;

const expressionHolds = (expression: Value, labels: Labels): boolean => {
  const key = textAt(expression, 'key');
  const values = listAt(expression, 'values').map(String);
  const own = labels[key];
  switch (textAt(expression, 'operator')) {
    case 'In':
      return own !== undefined && values.includes(own);
    // An object without the label is selected, too.
    case 'NotIn':
      return own === undefined || !values.includes(own);
    case 'Exists':
      return own !== undefined;
    case 'DoesNotExist':
      return own === undefined;
    default:
      throw new Error(`the operator ${textAt(expression, 'operator')} of a selector is unknown`);
  }
};

/**
 * Whether a LabelSelector selects an object with these labels. An empty one selects everything.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export const selectsLabels = (selector: Value, labels: Labels): boolean =>
  Object.entries(labelsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value) &&
  objectsAt(selector, 'matchExpressions').every((expression) => expressionHolds(expression, labels));
