import type { ServersDto } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark } from '../frame/state.mark.tsx';
import { clockText } from '../frame/time.text.ts';
import { latencyText } from '../frame/number.text.ts';
import { unknownReason } from './unknown.reason.ts';

/** Addresses of brokers and members, and the members of the consumer group. */
export function GroupPanel({ servers }: { servers: ServersDto }) {
  const { seenAt, term } = servers;
  return (
    <Panel
      title="Addresses and the consumer group"
      about={`As the leader of term ${String(term)} saw them at ${clockText(seenAt)}, by MongoDB's clock.`}
      className="wide"
    >
      <div className="server-tables">
        <BrokerAddresses servers={servers} />
        <MemberNames servers={servers} />
        <GroupMembers servers={servers} />
      </div>
    </Panel>
  );
}

/** Who the controller is stands above, live: `controller` of these names a broker that answers for it, which is any (KRaft). */
function BrokerAddresses({ servers }: { servers: ServersDto }) {
  const { brokers } = servers;
  if (brokers === undefined)
    return <Empty title="The brokers are not known">{unknownReason(servers, 'brokers')}</Empty>;
  return (
    <DataTable
      caption="Addresses of brokers"
      rows={brokers.brokers}
      keyOf={({ broker }) => String(broker)}
      columns={[
        { name: 'Broker', cell: ({ broker }) => broker, isHead: true },
        { name: 'Address', cell: ({ address }) => address },
      ]}
    />
  );
}

function MemberNames({ servers }: { servers: ServersDto }) {
  const { replicaSet } = servers;
  if (replicaSet === undefined)
    return <Empty title="The replica set is not known">{unknownReason(servers, 'replicaSet')}</Empty>;
  return (
    <DataTable
      caption={`Members of ${replicaSet.name}`}
      rows={replicaSet.members}
      keyOf={({ member }) => member}
      columns={[
        { name: 'Member', cell: ({ member }) => member, isHead: true },
        {
          name: 'State',
          cell: ({ state, isHealthy }) => (
            <StateMark tone={isHealthy ? 'good' : 'bad'}>{state.toLowerCase()}</StateMark>
          ),
        },
        { name: 'Oplog behind', cell: ({ lagMs }) => latencyText(lagMs), isNumber: true },
      ]}
    />
  );
}

function GroupMembers({ servers }: { servers: ServersDto }) {
  const { group } = servers;
  if (group === undefined) return <Empty title="The group is not known">{unknownReason(servers, 'group')}</Empty>;
  return (
    <DataTable
      caption={`Consumer group: ${group.state}, ${String(group.total)} members`}
      rows={group.members}
      keyOf={({ member }) => member}
      columns={[
        { name: 'Client', cell: ({ client }) => client, isHead: true },
        { name: 'Address', cell: ({ host }) => host },
        { name: 'Partitions', cell: ({ partitions }) => partitions.join(', '), wraps: true },
      ]}
    />
  );
}
