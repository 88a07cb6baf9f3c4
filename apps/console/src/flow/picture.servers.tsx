import type { BrokerLook, LookEvent, MemberLook, PartitionLook } from '@wiber/contracts';
import type { Tone } from '../frame/state.mark.tsx';
import { countText, rateText } from '../frame/number.text.ts';
import type { Box } from './flow.columns.ts';
import { partitionState } from './instance.state.ts';
import { NodeText, PictureNode } from './picture.node.tsx';

interface PartitionNodeProps {
  box: Box;
  look: PartitionLook;
  /** The lag that fills the row. */
  fullLag: number;
  news?: LookEvent;
}

/** One row: number, rate, lag as number and as a bar, and the broker that leads it or what is wrong. */
export function PartitionNode({ box, look, fullLag, news }: PartitionNodeProps) {
  const state = partitionState(look);
  const middle = Math.min(20, box.height / 2);
  const share = Math.min(1, (look.lag ?? 0) / fullLag);
  const place = state.tone === 'good' ? `broker ${String(look.leader)}` : state.text;
  return (
    <PictureNode box={box} tone={state.tone} name={String(look.partition)} news={news}>
      <rect
        className="lag-bar"
        x="1"
        y={box.height - 4}
        width={Math.max(0, (box.width - 2) * share)}
        height="3"
        rx="1.5"
      />
      <NodeText x={box.width * 0.4} y={middle} className="node-figure" atEnd>
        {`${rateText(look.acceptedPerSecond)}/s`}
      </NodeText>
      <NodeText x={box.width * 0.67} y={middle} atEnd>
        {`lag ${countText(look.lag)}`}
      </NodeText>
      <NodeText x={box.width - 12} y={middle} className={state.tone === 'good' ? 'node-note' : 'node-alarm'} atEnd>
        {place}
      </NodeText>
    </PictureNode>
  );
}

const MEMBER_TONES: Record<MemberLook['state'], Tone> = {
  primary: 'good',
  secondary: 'good',
  arbiter: 'plain',
  other: 'warn',
  gone: 'bad',
};

export const memberTone = ({ state }: MemberLook): Tone => MEMBER_TONES[state];

export function MemberNode({ box, look, news }: { box: Box; look: MemberLook; news?: LookEvent }) {
  return (
    <PictureNode box={box} tone={memberTone(look)} name={`Member ${String(look.member)}`} figureRoom={70} news={news}>
      <NodeText x={box.width - 12} y={20} className={look.state === 'primary' ? 'node-figure' : 'node-note'} atEnd>
        {look.state}
      </NodeText>
    </PictureNode>
  );
}

export function LettersNode({ box, open, news }: { box: Box; open?: number; news?: LookEvent }) {
  const tone = open === undefined ? 'plain' : open > 0 ? 'warn' : 'good';
  return (
    <PictureNode box={box} tone={tone} name="Dead letters" figureRoom={12} news={news}>
      <NodeText x={12} y={40}>
        {`${countText(open)} open`}
      </NodeText>
    </PictureNode>
  );
}

/** The brokers in one line above their partitions. */
export function BrokersLine({ box, brokers }: { box: Box; brokers: readonly BrokerLook[] }) {
  const room = box.width / Math.max(1, brokers.length);
  return (
    <g transform={`translate(${box.x.toFixed(1)} ${box.y.toFixed(1)})`}>
      {brokers.map(({ broker, status }, index) => (
        <g
          key={broker}
          transform={`translate(${(index * room).toFixed(1)} 10)`}
          className="broker"
          data-status={status}
        >
          {status === 'up' ? <circle cx="5" r="3.5" /> : <path d="M1.5 -3.5 8.5 3.5M8.5 -3.5 1.5 3.5" />}
          <text x="13" dominantBaseline="central">
            {room < 90 ? String(broker) : `broker ${String(broker)}`}
            {status === 'gone' ? ' gone' : ''}
          </text>
        </g>
      ))}
    </g>
  );
}
