import type { ServersDto } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';
import { bytesText, countText } from '../frame/number.text.ts';
import { DiskMeter } from './disk.meter.tsx';
import { unknownReason } from './unknown.reason.ts';

/** What the log and the store take on the disks of their servers, and how full these are. */
export function DisksPanel({ servers }: { servers: ServersDto }) {
  return (
    <Panel
      title="Disks"
      about="What the log takes on each broker, and each collection on MongoDB's primary."
      className="wide"
    >
      <div className="server-tables uneven">
        <LogSizes servers={servers} />
        <div>
          <StoreDisk servers={servers} />
          <Collections servers={servers} />
        </div>
      </div>
    </Panel>
  );
}

function LogSizes({ servers }: { servers: ServersDto }) {
  const { log } = servers;
  if (log === undefined) return <Empty title="The size of the log is not known">{unknownReason(servers, 'log')}</Empty>;
  return (
    <DataTable
      caption="Log of the message topic by broker"
      rows={log.brokers}
      keyOf={({ broker }) => String(broker)}
      columns={[
        { name: 'Broker', cell: ({ broker }) => broker, isHead: true },
        { name: 'Log', cell: ({ bytes }) => bytesText(bytes), isNumber: true },
        {
          name: 'Disk',
          cell: ({ diskBytes, diskFreeBytes }) => <DiskMeter bytes={diskBytes} freeBytes={diskFreeBytes} />,
        },
      ]}
    />
  );
}

function StoreDisk({ servers }: { servers: ServersDto }) {
  const { storeDisk } = servers;
  return (
    <p className="store-disk">
      <span>Disk of the primary</span>
      {storeDisk === undefined ? unknownReason(servers, 'storeDisk') : <DiskMeter {...storeDisk} />}
    </p>
  );
}

function Collections({ servers }: { servers: ServersDto }) {
  const { collections } = servers;
  if (collections === undefined)
    return <Empty title="The sizes of the collections are not known">{unknownReason(servers, 'collections')}</Empty>;
  return (
    <DataTable
      caption="Collections"
      rows={collections}
      keyOf={({ collection }) => collection}
      columns={[
        { name: 'Collection', cell: ({ collection }) => collection, isHead: true },
        { name: 'Documents', cell: ({ documents }) => countText(documents), isNumber: true },
        { name: 'Data', cell: ({ bytes }) => bytesText(bytes), isNumber: true },
        { name: 'On disk', cell: ({ storedBytes }) => bytesText(storedBytes), isNumber: true },
        {
          name: 'Indexes',
          cell: ({ indexes }) => bytesText(indexes.reduce((sum, { bytes }) => sum + bytes, 0)),
          isNumber: true,
        },
      ]}
    />
  );
}
