import { memo } from 'react';
import type { Look, PartitionLook } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';

type CopyState = 'leads' | 'in sync' | 'behind' | 'none';

export const copyState = ({ leader, replicas, inSync }: PartitionLook, broker: number): CopyState => {
  if (leader === broker) return 'leads';
  if (!replicas.includes(broker)) return 'none';
  return inSync.includes(broker) ? 'in sync' : 'behind';
};

/** Which broker has a copy of which partition, and whether it is in sync. */
export const CopiesPanel = memo(function CopiesPanel({ look }: { look: Look }) {
  const brokers = brokersOf(look);
  const behind = look.partitions.filter(({ inSync, replicas }) => inSync.length < replicas.length).length;
  const leaderless = look.partitions.filter(({ leader }) => leader === undefined).length;
  return (
    <Panel
      title="Copies of the log"
      className="wide"
      about={`${String(look.partitions.length)} partitions; ${String(behind)} with a copy that is behind, ${String(leaderless)} without a leader.`}
    >
      {look.partitions.length === 0 ? (
        <Empty title="No partition is known" />
      ) : (
        <DataTable
          caption="Copies of each partition"
          hidesCaption
          rows={look.partitions}
          keyOf={({ partition }) => String(partition)}
          columns={[
            { name: 'Partition', cell: ({ partition }) => partition, isHead: true },
            ...brokers.map((broker) => ({
              name: `Broker ${String(broker)}`,
              cell: (row: PartitionLook) => <Copy state={copyState(row, broker)} />,
            })),
            {
              name: 'In sync',
              cell: ({ inSync, replicas }) => `${String(inSync.length)} of ${String(replicas.length)}`,
              isNumber: true,
            },
          ]}
        />
      )}
    </Panel>
  );
});

/** Also brokers that are away: a partition still names them. */
const brokersOf = ({ brokers, partitions }: Look): number[] => {
  const ids = [...brokers.map(({ broker }) => broker), ...partitions.flatMap(({ replicas }) => replicas)];
  return [...new Set(ids)].sort((a, b) => a - b);
};

function Copy({ state }: { state: CopyState }) {
  if (state === 'none') return <span className="unseen">no copy</span>;
  return (
    <span className="copy" data-state={state}>
      {state}
    </span>
  );
}
