import type { Look } from '@wiber/contracts';
import { StateMark } from '../frame/state.mark.tsx';
import { bytesText, countText, latencyText, rateText } from '../frame/number.text.ts';
import { DataTable } from '../frame/data.table.tsx';
import { freshOf, instanceState, partitionState } from './instance.state.ts';

/** The same as the picture, in words and numbers. */
export function FlowTables({ look }: { look: Look }) {
  return (
    <div className="flow-tables">
      <GatewayTable look={look} />
      <PartitionTable look={look} />
      <IngestTable look={look} />
    </div>
  );
}

const markOf = ({ tone, text }: ReturnType<typeof instanceState>) => ({ tone, children: text });

function GatewayTable({ look }: { look: Look }) {
  return (
    <DataTable
      caption="Gateways"
      rows={look.gateways}
      keyOf={({ instance }) => instance}
      columns={[
        { name: 'Instance', cell: ({ instance }) => instance, isHead: true },
        { name: 'State', cell: (each) => <StateMark {...markOf(instanceState(each))} /> },
        { name: 'Accepted/s', cell: (each) => rateText(freshOf(each, each.acceptedPerSecond)), isNumber: true },
        { name: 'Refused/s', cell: ({ refusedPerSecond }) => rateText(refusedPerSecond), isNumber: true },
        { name: 'Waiting', cell: ({ waiting }) => countText(waiting), isNumber: true },
        { name: 'Queued', cell: ({ queued }) => countText(queued), isNumber: true },
        { name: 'CPU', cell: ({ cpuRatio }) => `${countText(cpuRatio * 100)} %`, isNumber: true },
        { name: 'Memory', cell: ({ rssBytes }) => bytesText(rssBytes), isNumber: true },
      ]}
    />
  );
}

function PartitionTable({ look }: { look: Look }) {
  return (
    <DataTable
      caption="Partitions"
      rows={look.partitions}
      keyOf={({ partition }) => String(partition)}
      columns={[
        { name: 'Partition', cell: ({ partition }) => partition, isHead: true },
        { name: 'State', cell: (each) => <StateMark {...markOf(partitionState(each))} /> },
        { name: 'Leader', cell: ({ leader }) => leader ?? 'none', isNumber: true },
        {
          name: 'In sync',
          cell: ({ inSync, replicas }) => `${String(inSync.length)} of ${String(replicas.length)}`,
          isNumber: true,
        },
        { name: 'Accepted/s', cell: ({ acceptedPerSecond }) => rateText(acceptedPerSecond), isNumber: true },
        { name: 'Stored/s', cell: ({ storedPerSecond }) => rateText(storedPerSecond), isNumber: true },
        { name: 'Lag', cell: ({ lag }) => countText(lag), isNumber: true },
        { name: 'Read by', cell: ({ ingest }) => ingest ?? 'nobody' },
      ]}
    />
  );
}

function IngestTable({ look }: { look: Look }) {
  return (
    <DataTable
      caption="Ingest"
      rows={look.ingests}
      keyOf={({ instance }) => instance}
      columns={[
        { name: 'Instance', cell: ({ instance }) => instance, isHead: true },
        { name: 'State', cell: (each) => <StateMark {...markOf(instanceState(each))} /> },
        { name: 'Partitions', cell: ({ partitions }) => partitions.join(', '), wraps: true },
        { name: 'Paused', cell: ({ pausedPartitions }) => pausedPartitions.join(', '), wraps: true },
        { name: 'Stored/s', cell: (each) => rateText(freshOf(each, each.storedPerSecond)), isNumber: true },
        { name: 'p99', cell: ({ latency }) => latencyText(latency?.p99), isNumber: true },
        { name: 'CPU', cell: ({ cpuRatio }) => `${countText(cpuRatio * 100)} %`, isNumber: true },
        { name: 'Memory', cell: ({ rssBytes }) => bytesText(rssBytes), isNumber: true },
      ]}
    />
  );
}
