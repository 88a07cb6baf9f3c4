import type { Look } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark } from '../frame/state.mark.tsx';

/** The brokers, which one is the controller, and how many partitions each leads. */
export function BrokersPanel({ look }: { look: Look }) {
  const hasController = look.brokers.some(({ isController }) => isController);
  return (
    <Panel
      title="Brokers"
      about={
        hasController
          ? 'Of Kafka. The controller decides which broker leads a partition.'
          : 'Of Kafka. The controller is not known now.'
      }
    >
      {look.brokers.length === 0 ? (
        <Empty title="No broker is known" />
      ) : (
        <DataTable
          caption="Brokers"
          hidesCaption
          rows={look.brokers}
          keyOf={({ broker }) => String(broker)}
          columns={[
            { name: 'Broker', cell: ({ broker }) => broker, isHead: true },
            {
              name: 'State',
              cell: ({ status }) => <StateMark tone={status === 'up' ? 'good' : 'bad'}>{status}</StateMark>,
            },
            { name: 'Role', cell: ({ isController }) => (isController ? 'controller' : '') },
            { name: 'Leads partitions', cell: ({ leads }) => leads, isNumber: true },
          ]}
        />
      )}
    </Panel>
  );
}
