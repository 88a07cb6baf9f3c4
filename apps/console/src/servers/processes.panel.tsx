import type { InstanceLook, InstanceStatus, Look } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark, type Tone } from '../frame/state.mark.tsx';
import { bytesText, countText, durationText } from '../frame/number.text.ts';

const TONES: Record<InstanceStatus, Tone> = {
  up: 'good',
  stopping: 'plain',
  silent: 'warn',
  gone: 'bad',
  unknown: 'plain',
};

type Process = InstanceLook & { app: string };

/** The processes of Wiber, by their own pulses. */
export function ProcessesPanel({ look: { gateways, ingests, workers } }: { look: Look }) {
  const processes: Process[] = [
    ...gateways.map((each) => ({ ...each, app: 'gateway' })),
    ...ingests.map((each) => ({ ...each, app: 'ingest' })),
    ...workers.map((each) => ({ ...each, app: 'metrics' })),
  ];
  return (
    <Panel title="Processes" about="Of Wiber, by their own pulses." className="wide">
      {processes.length === 0 ? (
        <Empty title="No process has sent a pulse yet" />
      ) : (
        <DataTable
          caption="Processes"
          hidesCaption
          rows={processes}
          keyOf={({ app, instance }) => `${app} ${instance}`}
          columns={[
            { name: 'Instance', cell: ({ instance }) => instance, isHead: true },
            { name: 'App', cell: ({ app }) => app },
            {
              name: 'State',
              cell: ({ status, isShared, ageMs }) => (
                <>
                  <StateMark tone={TONES[status]}>
                    {status === 'silent' ? `silent ${durationText(ageMs)}` : status}
                  </StateMark>
                  {isShared && <StateMark tone="warn">more than one process</StateMark>}
                </>
              ),
            },
            { name: 'Breakers', cell: ({ breakers }) => <Breakers breakers={breakers} /> },
            { name: 'CPU', cell: ({ cpuRatio }) => `${countText(cpuRatio * 100)} %`, isNumber: true },
            { name: 'Memory', cell: ({ rssBytes }) => bytesText(rssBytes), isNumber: true },
            { name: 'Runs for', cell: ({ upMs }) => durationText(upMs), isNumber: true },
          ]}
        />
      )}
    </Panel>
  );
}

function Breakers({ breakers }: Pick<InstanceLook, 'breakers'>) {
  const open = breakers.filter(({ state }) => state !== 'closed');
  if (open.length === 0) return breakers.length === 0 ? 'none' : 'closed';
  return open.map(({ name, state }) => (
    <StateMark key={name} tone="warn">
      {name} {state}
    </StateMark>
  ));
}
