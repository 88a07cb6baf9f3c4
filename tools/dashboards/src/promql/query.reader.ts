import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

/** What a query reads, and by what its result is told apart. */
export interface ReadQuery {
  /** One for each selector: the name of the series, and the labels that it asks for. */
  selectors: { series: string; labels: string[] }[];
  /** The labels of `by (…)` and `without (…)`, and of `on (…)`. */
  groupings: string[];
}

/** Grafana's name for a window; Prometheus knows no such name. */
export const RATE_INTERVAL = '$__rate_interval';

/** The query as Prometheus takes it. @param window of a rate, such as 1m */
export const forPrometheus = (expression: string, window: string): string =>
  expression.replaceAll(RATE_INTERVAL, window);

/** Reads a query with the grammar of Prometheus' own page. @throws Error with the place of what can't be read */
export const readQuery = (expression: string): ReadQuery => {
  const text = forPrometheus(expression, '1m');
  const read: ReadQuery = { selectors: [], groupings: [] };
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`${text}: it can't be read at ${from}: ${text.slice(from, to + 20)}`);
      if (type.name === 'VectorSelector') read.selectors.push(selectorOf(node, text));
      if (type.name === 'GroupingLabels') read.groupings.push(...textsOf(node, { name: 'LabelName', text }));
    },
  });
  return read;
};

const selectorOf = (node: SyntaxNode, text: string): ReadQuery['selectors'][0] => ({
  series: textsOf(node, { name: 'Identifier', text })[0] ?? '',
  labels: textsOf(node, { name: 'LabelName', text }),
});

const textsOf = (node: SyntaxNode, { name, text }: { name: string; text: string }): string[] => {
  const found: string[] = [];
  node.cursor().iterate(({ type, from, to }) => {
    if (type.name === name) found.push(text.slice(from, to));
  });
  return found;
};
