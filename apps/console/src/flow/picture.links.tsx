import type { CSSProperties } from 'react';
import type { FlowLink } from './flow.links.ts';

/** More moving lines than this cost a browser too much; the others are still. */
const MOVING_MAX = 30;

/** Seconds that a dash takes to the next one: less where more comes through. */
const paceOf = (perSecond: number): string => `${(2.4 / (1 + Math.log10(1 + perSecond))).toFixed(1)}s`;

export function PictureLinks({ links }: { links: readonly FlowLink[] }) {
  const mayMove = links.length <= MOVING_MAX;
  return (
    <g className="links">
      {links.map(({ key, path, width, perSecond, isDead }) => (
        <g key={key} data-dead={isDead}>
          <path className="link" d={path} strokeWidth={width} />
          {mayMove && perSecond > 0 && !isDead && (
            <path className="link-flow" d={path} style={{ '--pace': paceOf(perSecond) } as CSSProperties} />
          )}
        </g>
      ))}
    </g>
  );
}
