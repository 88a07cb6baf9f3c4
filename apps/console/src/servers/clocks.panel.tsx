import type { ClockDto, ClocksDto } from '@wiber/contracts';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { Panel } from '../frame/panel.tsx';
import { clockText } from '../frame/time.text.ts';
import { clockSpan, offsetText, spanOf } from './clock.span.ts';

const METHODS: Record<ClockDto['method'], string> = { round_trip: 'asked', log: 'from the log' };

/** How far each clock is off that of MongoDB's primary, with how sure that is. */
export function ClocksPanel({ clocks: { clocks, reference, seenAt, unknown } }: { clocks: ClocksDto }) {
  const widest = spanOf(clocks);
  return (
    <Panel
      title="Clocks"
      about={`Against the clock of ${reference}, at ${clockText(seenAt)}. The bar is where the true offset is; the line in its middle is zero.`}
      className="wide"
    >
      {unknown.map(({ part, reason }) => (
        <p key={part} className="unknown-clock">
          Not known: the clocks of {part}. {reason}
        </p>
      ))}
      {clocks.length === 0 ? (
        <Empty title="No clock is known" />
      ) : (
        <DataTable
          caption="Clocks"
          hidesCaption
          rows={clocks}
          keyOf={({ kind, name, method }) => `${kind} ${name} ${method}`}
          columns={[
            { name: 'Clock', cell: ({ name }) => name, isHead: true },
            { name: 'Of', cell: ({ kind }) => kind },
            { name: 'Offset', cell: (clock) => offsetText(clock), isNumber: true },
            { name: 'Where it is', cell: (clock) => <ClockBar clock={clock} widest={widest} /> },
            { name: 'How', cell: ({ method, measuredBy }) => `${METHODS[method]}, by ${measuredBy}` },
            { name: 'At', cell: ({ measuredAt }) => clockText(measuredAt), isNumber: true },
          ]}
        />
      )}
    </Panel>
  );
}

function ClockBar({ clock, widest }: { clock: ClockDto; widest: number }) {
  const { from, to } = clockSpan(clock, widest);
  return (
    <svg viewBox="0 0 200 16" className="clock-bar" aria-hidden="true">
      <path className="clock-zero" d="M100 0V16" />
      <rect
        x={from * 200}
        y="4"
        width={Math.max(3, (to - from) * 200)}
        height="8"
        rx="2"
        data-open={clock.uncertaintyMs === undefined}
      />
    </svg>
  );
}
