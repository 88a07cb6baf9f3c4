import type { LeaderDto } from '@wiber/contracts';
import { Panel } from '../frame/panel.tsx';
import { DataTable } from '../frame/data.table.tsx';
import { Empty } from '../frame/empty.tsx';
import { durationText } from '../frame/number.text.ts';
import { useWidth } from '../frame/use.width.ts';
import { dayAndClockText } from '../frame/time.text.ts';
import { termLanes, type TermBar } from './term.lanes.ts';
import { endText } from './term.text.ts';

const LANE = 30;
const LABEL = 120;
/** A term that was too short to see. */
const LEAST_BAR = 3;

/** The terms as bars over time, one lane for each worker. The table of terms says the same. */
export function TermLine({ answer }: { answer: LeaderDto }) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const terms = answer.leader === undefined ? answer.history : [answer.leader, ...answer.history];
  const now = Math.max(0, ...terms.map(({ until, renewedAt, since }) => until ?? renewedAt ?? since));
  const line = termLanes(terms, now);
  const bars = Math.max(0, width - LABEL);
  return (
    <Panel
      title="Time line"
      about={`From ${dayAndClockText(line.start)} to ${dayAndClockText(line.end)}; ${durationText(line.withoutLeader)} without a leader.`}
    >
      <div ref={holder}>
        {width > 0 && (
          <svg
            className="term-line"
            width={width}
            height={line.lanes.length * LANE}
            role="img"
            aria-label={`${String(terms.length)} terms of ${String(line.lanes.length)} workers; the table below lists them.`}
          >
            {line.lanes.map(({ holder: name, bars: each }, lane) => (
              <g key={name} transform={`translate(0 ${String(lane * LANE)})`}>
                <text y={LANE / 2} dominantBaseline="central">
                  {name.length > 16 ? `${name.slice(0, 15)}…` : name}
                </text>
                <rect className="term-lane" x={LABEL} y="5" width={bars} height={LANE - 10} rx="4" />
                {each.map((bar) => (
                  <Bar key={bar.term} bar={bar} room={bars} />
                ))}
              </g>
            ))}
          </svg>
        )}
      </div>
    </Panel>
  );
}

function Bar({ bar, room }: { bar: TermBar; room: number }) {
  const width = Math.max(LEAST_BAR, bar.length * room);
  const x = Math.min(LABEL + bar.from * room, LABEL + room - width);
  return (
    <g transform={`translate(${x.toFixed(1)} 5)`}>
      <rect className="term-bar" data-now={bar.isNow} width={width} height={LANE - 10} rx={Math.min(4, width / 2)} />
      {width > 26 && (
        <text
          className="term-number"
          data-now={bar.isNow}
          x={width / 2}
          y={(LANE - 10) / 2}
          dominantBaseline="central"
          textAnchor="middle"
        >
          {bar.term}
        </text>
      )}
    </g>
  );
}

/** The terms that ended, newest first. */
export function TermTable({ history }: { history: LeaderDto['history'] }) {
  if (history.length === 0) return <Empty title="No term has ended yet">The first leader still leads.</Empty>;
  return (
    <DataTable
      caption="Terms that ended"
      hidesCaption
      rows={history}
      keyOf={({ term }) => String(term)}
      columns={[
        { name: 'Term', cell: ({ term }) => term, isHead: true },
        { name: 'Leader', cell: ({ holder }) => holder },
        { name: 'From', cell: ({ since }) => <span className="number">{dayAndClockText(since)}</span> },
        { name: 'Until', cell: ({ until }) => (until === undefined ? 'not known' : dayAndClockText(until)) },
        {
          name: 'Lasted',
          cell: ({ since, until }) => durationText(until === undefined ? undefined : until - since),
          isNumber: true,
        },
        { name: 'How it ended', cell: ({ end }) => endText(end), wraps: true },
      ]}
    />
  );
}
