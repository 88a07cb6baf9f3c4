import type { Look } from '@wiber/contracts';
import { countText, latencyText, rateText } from '../frame/number.text.ts';
import { instanceState, partitionState } from './instance.state.ts';

/** The picture in two sentences: what flows, and what is wrong. */
export function flowSummary(look: Look): string {
  const { totals, gateways, partitions, ingests, members } = look;
  const flow =
    `${rateText(totals.acceptedPerSecond)} messages a second from ${countText(gateways.length)} gateways through ` +
    `${countText(partitions.length)} partitions to ${countText(ingests.length)} instances of ingest and ` +
    `${countText(members.length)} members of the replica set; lag ${countText(totals.lag)}, 99 % stored within ` +
    `${latencyText(totals.latency?.p99)}.`;
  const wrong = troublesOf(look);
  return `${flow} ${wrong.length === 0 ? 'Nothing is wrong.' : `Wrong: ${wrong.join('; ')}.`}`;
}

/** What needs attention, one line each. */
export function troublesOf({ gateways, ingests, workers, partitions, brokers, members }: Look): string[] {
  const instances = [...gateways, ...ingests, ...workers].flatMap((each) => {
    const { tone, text } = instanceState(each);
    return tone === 'warn' || tone === 'bad' ? [`${each.instance}: ${text}`] : [];
  });
  const logs = partitions.flatMap((each) => {
    const { tone, text } = partitionState(each);
    return tone === 'good' ? [] : [`partition ${String(each.partition)}: ${text}`];
  });
  const down = brokers.filter(({ status }) => status === 'gone').map(({ broker }) => `broker ${String(broker)}: gone`);
  const away = members.filter(({ state }) => state === 'gone').map(({ member }) => `member ${String(member)}: gone`);
  const isHeadless = members.length > 0 && !members.some(({ state }) => state === 'primary');
  return [...instances, ...logs, ...down, ...away, ...(isHeadless ? ['the replica set has no primary'] : [])];
}
