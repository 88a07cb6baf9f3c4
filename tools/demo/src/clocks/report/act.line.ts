import { sendsOf, type Act, type SendAct } from '../talk/act.ts';

/** The time of day by the clock of a gateway, in UTC. */
export const clockText = (timestamp: number): string => new Date(timestamp).toISOString().slice(11, 23);

/** The numbers of the messages in the order in which they were sent, from 1. */
export const numbersOf = (acts: readonly Act[]): Map<string, number> =>
  new Map(sendsOf(acts).map(({ message }, index) => [message.messageId, index + 1]));

/** What a person had read since their last message, as numbers. */
const readBefore = (sent: SendAct, acts: readonly Act[]): number[] => {
  const own = acts.filter(({ by }) => by === sent.by);
  const numbers = numbersOf(acts);
  const earlier = own.slice(0, own.indexOf(sent));
  const since = earlier.slice(earlier.findLastIndex(({ type }) => type === 'send') + 1);
  return since.flatMap((act) => (act.type === 'read' ? act.seen.map((id) => numbers.get(id)!) : []));
};

/** One line for the terminal about a message. @param before how many messages were sent before it */
export const actLine = (sent: SendAct, before: number, acts: readonly Act[]): string => {
  const { by, message, place } = sent;
  const read = readBefore(sent, acts);
  const having = read.length > 0 ? `, having read ${read.join(', ')}` : '';
  return (
    `${before + 1} ${by}${having}: ${message.content}  ` +
    `[timestamp ${clockText(message.timestamp)}, lamport ${message.lamport}, offset ${place?.offset ?? 'not told'}]`
  );
};
