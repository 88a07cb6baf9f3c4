import type { TraceStep } from '@wiber/contracts';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { layoutSpaceTime, type Arrow, type Lane, type Point } from './space-time.layout.ts';
import { STEP_TITLE } from './trace.text.ts';

const RADIUS = 11;
const VIA_RADIUS = 4;
const WIDTH = 640;
/** The usual width of a character of a label. */
const CHARACTER = 7;

/** The steps as a space-time diagram. Its numbers are those of the list beside it, which says the same in words. */
export function SpaceTimePicture({ steps }: { steps: readonly TraceStep[] }) {
  const { frame, width } = useWidth();
  const id = useId();
  const picture = useMemo(() => layoutSpaceTime(steps, width), [steps, width]);
  const { lanes, points, arrows, height, top, hasUprightLabels } = picture;
  if (lanes.length === 0) return <p className="note">No step is known.</p>;
  const about = `Space-time diagram: ${steps.map(({ step }, at) => `${at + 1} ${STEP_TITLE[step]}`).join(', ')}. The list has each step in words.`;
  return (
    <div className="space-time" ref={frame}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={about}>
        <defs>
          <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8Z" className="space-time-head" />
          </marker>
        </defs>
        {lanes.map((lane) => (
          <g key={`${lane.kind} ${lane.detail ?? ''}`} className="space-time-lane">
            {hasUprightLabels ? (
              <UprightLabel lane={lane} top={top} />
            ) : (
              <LyingLabel lane={lane} room={width / lanes.length} />
            )}
            <line x1={lane.x} x2={lane.x} y1={top} y2={height} />
          </g>
        ))}
        {arrows.map((arrow) => (
          <ArrowLine key={`${arrow.from.y} ${arrow.to.y}`} arrow={arrow} head={id} />
        ))}
        {points.map((point) => (
          <PointMark key={point.y} point={point} />
        ))}
      </svg>
      <p className="note space-time-legend">
        Solid: a stored fact says so. Dashed: it must have been so, and nobody kept the time.
      </p>
    </div>
  );
}

/** A name that is too long for its place ends with an ellipsis; the list has the whole name. */
const fit = (text: string, room: number): string => {
  const most = Math.max(3, Math.floor(room / CHARACTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

function LyingLabel({ lane: { x, label, detail }, room }: { lane: Lane; room: number }) {
  return (
    <>
      <text x={x} y={16} textAnchor="middle" className="space-time-label">
        {fit(label, room)}
      </text>
      {detail !== undefined && (
        <text x={x} y={32} textAnchor="middle" className="space-time-detail">
          {fit(detail, room)}
        </text>
      )}
    </>
  );
}

/** The label and its detail, side by side, read from below. */
function UprightLabel({ lane: { x, label, detail }, top }: { lane: Lane; top: number }) {
  const room = top - 8;
  return (
    <g transform={`translate(${x} ${room}) rotate(-90)`}>
      <text y={detail === undefined ? 4 : -3} className="space-time-label">
        {fit(label, room)}
      </text>
      {detail !== undefined && (
        <text y={10} className="space-time-detail">
          {fit(detail, room)}
        </text>
      )}
    </g>
  );
}

/** Ends at the rim of the point, so that the head is seen. */
function ArrowLine({ arrow: { from, to, kind }, head }: { arrow: Arrow; head: string }) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const [start, end] = [radiusOf(from) / length, (length - radiusOf(to) - 2) / length];
  return (
    <line
      className="space-time-arrow"
      data-kind={kind}
      x1={from.x + dx * start}
      y1={from.y + dy * start}
      x2={from.x + dx * end}
      y2={from.y + dy * end}
      markerEnd={`url(#${head})`}
    />
  );
}

const isNumbered = ({ step, isVia }: Point): boolean => step !== undefined && !isVia;
const radiusOf = (point: Point): number => (isNumbered(point) ? RADIUS : VIA_RADIUS);

function PointMark({ point }: { point: Point }) {
  return (
    <g className="space-time-point" data-numbered={isNumbered(point)}>
      <circle cx={point.x} cy={point.y} r={radiusOf(point)} />
      {isNumbered(point) && (
        <text x={point.x} y={point.y} dy="0.36em" textAnchor="middle">
          {(point.step ?? 0) + 1}
        </text>
      )}
    </g>
  );
}

/** The width of the frame in CSS pixels, so that text in the picture has its true size. */
const useWidth = () => {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDTH);
  useEffect(() => {
    if (!frame.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(280, Math.floor(entry.contentRect.width)));
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return { frame, width };
};
