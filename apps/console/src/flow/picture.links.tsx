import { memo } from 'react';
import type { FlowLink } from './flow.links.ts';

export function PictureLinks({ links }: { links: readonly FlowLink[] }) {
  return (
    <g className="links">
      {links.map(({ key, path, width, isDead }) => (
        <path key={key} className="link" data-dead={isDead} d={path} strokeWidth={width} />
      ))}
    </g>
  );
}

/** More moving lines than this are a flicker, and cost a browser too much; the others are still. */
const MOVING_MAX = 30;

/** Three paces, whose steps come at the same moments: the browser then draws eight times a second, however many lines move. */
const paceOf = (perSecond: number): 'slow' | 'even' | 'fast' => {
  if (perSecond < 5) return 'slow';
  return perSecond < 200 ? 'even' : 'fast';
};

interface PictureMotionProps {
  width: number;
  height: number;
  links: readonly FlowLink[];
}

/** The dashes that move along the links: a layer of its own, so that the picture is not drawn anew for each step. */
export const PictureMotion = memo(function PictureMotion({ width, height, links }: PictureMotionProps) {
  const moving = links.filter(({ perSecond, isDead }) => perSecond > 0 && !isDead).slice(0, MOVING_MAX);
  return (
    <svg className="picture-motion" viewBox={`0 0 ${String(width)} ${String(height)}`} aria-hidden="true">
      {moving.map(({ key, path, perSecond }) => (
        <path key={key} d={path} data-pace={paceOf(perSecond)} />
      ))}
    </svg>
  );
});
