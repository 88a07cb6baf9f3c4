import type { LogPosition, Message } from '@wiber/contracts';
import type { SendAct } from '../talk/act.ts';
import type { Sort } from './order.verdict.ts';

/** A whole conversation in one order, as one gateway shows it. */
export interface ShownOrder {
  gateway: string;
  sort: Sort;
  shown: readonly Message[];
}

type Compare = (a: Message, b: Message) => number;

const byId: Compare = (a, b) => (a.messageId < b.messageId ? -1 : Number(a.messageId > b.messageId));

const compareBy = (sort: Sort, places: ReadonlyMap<string, LogPosition | undefined>): Compare => {
  if (sort !== 'log') return (a, b) => a[sort] - b[sort] || byId(a, b);
  return (a, b) => {
    const [first, second] = [places.get(a.messageId)!, places.get(b.messageId)!];
    return first.partition - second.partition || first.offset - second.offset;
  };
};

const count = (ids: readonly string[], what: string): string[] =>
  ids.length > 0 ? [`${ids.length} ${what}, for example ${ids[0]}`] : [];

/** What a gateway shows must be what was acknowledged, each message once, in the order of its numbers. */
const findingsIn = ({ gateway, sort, shown }: ShownOrder, sends: readonly SendAct[]): string[] => {
  const ids = shown.map(({ messageId }) => messageId);
  const sent = new Map(sends.map(({ message, place }) => [message.messageId, place]));
  const seen = new Set(ids);
  const wrong = [
    ...count(
      [...sent.keys()].filter((id) => !seen.has(id)),
      'acknowledged messages are missing',
    ),
    ...count(
      ids.filter((id) => !sent.has(id)),
      'messages were sent by nobody',
    ),
    ...count(
      ids.filter((id, place) => ids.indexOf(id) !== place),
      'messages are shown twice',
    ),
  ];
  if (wrong.length === 0) {
    const compare = compareBy(sort, sent);
    // Where nobody was told the place of a message, the log's order of the others is checked.
    const known = sort === 'log' ? shown.filter(({ messageId }) => sent.get(messageId)) : shown;
    const misplaced = known.slice(1).filter((message, place) => compare(known[place]!, message) > 0);
    wrong.push(
      ...count(
        misplaced.map(({ messageId }) => messageId),
        'messages stand behind one with a larger number',
      ),
    );
  }
  return wrong.map((what) => `${gateway}, sort=${sort}: ${what}`);
};

/** What is wrong with the pages themselves, whatever they say of causes: one sentence each. */
export const pageFindings = (orders: readonly ShownOrder[], sends: readonly SendAct[]): string[] => {
  const first = new Map<Sort, ShownOrder>();
  const differing: string[] = [];
  for (const order of orders) {
    const other = first.get(order.sort) ?? order;
    first.set(order.sort, other);
    if (JSON.stringify(other.shown) !== JSON.stringify(order.shown))
      differing.push(`sort=${order.sort}: ${order.gateway} shows other than ${other.gateway}`);
  }
  return [...orders.flatMap((order) => findingsIn(order, sends)), ...differing];
};
