import type { Look, MemberLook } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';
import { StateMark, type Tone } from '../frame/state.mark.tsx';
import { latencyText } from '../frame/number.text.ts';

const TONES: Record<MemberLook['state'], Tone> = {
  primary: 'good',
  secondary: 'good',
  arbiter: 'plain',
  other: 'warn',
  gone: 'bad',
};

/** The members of the replica set, as the gateway's driver sees them. */
export function MembersPanel({ look }: { look: Look }) {
  return (
    <Panel title="Replica set" about={`Of MongoDB, as ${look.by} reaches it.`}>
      {look.members.length === 0 ? (
        <Empty title="No member is known">A gateway behind a sharded cluster sees routers only.</Empty>
      ) : (
        <DataTable
          caption="Members of the replica set"
          hidesCaption
          rows={look.members}
          keyOf={({ member }) => String(member)}
          columns={[
            { name: 'Member', cell: ({ member }) => `Member ${String(member)}`, isHead: true },
            { name: 'State', cell: ({ state }) => <StateMark tone={TONES[state]}>{state}</StateMark> },
            { name: 'Round trip', cell: ({ roundTripMs }) => latencyText(roundTripMs), isNumber: true },
          ]}
        />
      )}
    </Panel>
  );
}
