import type { ReactNode } from 'react';
import type { LookEvent } from '@wiber/contracts';
import type { Tone } from '../frame/state.mark.tsx';
import type { Box } from './flow.columns.ts';
import { fitted } from './picture.text.ts';

const MARKS: Record<Tone, string> = {
  good: 'M0 -4a4 4 0 1 1 0 8a4 4 0 1 1 0 -8Z',
  warn: 'M0 -5 5 4.5H-5Z',
  bad: 'M-3.4 -5 0 -1.6 3.4 -5 5 -3.4 1.6 0 5 3.4 3.4 5 0 1.6 -3.4 5 -5 3.4 -1.6 0 -5 -3.4Z',
  plain: 'M0 -4a4 4 0 1 1 0 8a4 4 0 1 1 0 -8ZM0 -2.6a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0 -5.2Z',
};

interface PictureNodeProps {
  box: Box;
  tone: Tone;
  name: string;
  /** Pixels that the figure in the first line takes from the name. */
  figureRoom?: number;
  /** What happened to it just now. */
  news?: Pick<LookEvent, 'severity'>;
  children?: ReactNode;
}

/** The frame of a node, with its mark and its name in the first line. A ring around it says that something just happened. */
export function PictureNode({ box, tone, name, figureRoom = 76, news, children }: PictureNodeProps) {
  const { x, y, width, height } = box;
  const line = Math.min(20, height / 2);
  return (
    <g className="node" data-tone={tone} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      {news !== undefined && (
        <rect
          className="node-news"
          data-severity={news.severity}
          x="-3"
          y="-3"
          width={width + 6}
          height={height + 6}
          rx="10"
        />
      )}
      <rect className="node-box" width={width} height={height} rx="8" />
      <path className="node-mark" d={MARKS[tone]} transform={`translate(15 ${line.toFixed(1)})`} />
      <text className="node-name" x="27" y={line} dominantBaseline="central">
        {fitted(name, width - 27 - figureRoom)}
      </text>
      {children}
    </g>
  );
}

interface NodeTextProps {
  x: number;
  y: number;
  children: string;
  className?: string;
  /** Where the text ends at `x`. */
  atEnd?: boolean;
}

export function NodeText({ x, y, children, className = 'node-note', atEnd = false }: NodeTextProps) {
  return (
    <text className={className} x={x} y={y} dominantBaseline="central" textAnchor={atEnd ? 'end' : 'start'}>
      {children}
    </text>
  );
}
