import type { GatewayLook, IngestLook, LookEvent, WorkerLook } from '@wiber/contracts';
import { countText, latencyText, rateText } from '../frame/number.text.ts';
import type { Box } from './flow.columns.ts';
import { freshOf, instanceState } from './instance.state.ts';
import { NodeText, PictureNode } from './picture.node.tsx';
import { fitted } from './picture.text.ts';

interface InstanceProps<T> {
  box: Box;
  look: T;
  news?: LookEvent;
}

/** What stands in the last line: a state that needs attention before the usual numbers. */
const noteOf = (state: { tone: string; text: string }, usual: string): string =>
  state.tone === 'good' ? usual : state.text;

export function GatewayNode({ box, look, news }: InstanceProps<GatewayLook>) {
  const state = instanceState(look);
  const usual =
    look.refusedPerSecond > 0
      ? `${rateText(look.refusedPerSecond)}/s refused · ${countText(look.queued)} queued`
      : `${countText(look.waiting)} wait · ${countText(look.queued)} queued`;
  return (
    <PictureNode box={box} tone={state.tone} name={look.instance} news={news}>
      <NodeText x={box.width - 12} y={20} className="node-figure" atEnd>
        {`${rateText(freshOf(look, look.acceptedPerSecond))}/s`}
      </NodeText>
      <NodeText x={12} y={40} className={state.tone === 'good' ? 'node-note' : 'node-alarm'}>
        {fitted(noteOf(state, usual), box.width - 20, 12)}
      </NodeText>
    </PictureNode>
  );
}

export function IngestNode({ box, look, news }: InstanceProps<IngestLook>) {
  const state = instanceState(look);
  const paused = look.pausedPartitions.length > 0 ? `, ${countText(look.pausedPartitions.length)} paused` : '';
  const joined = `${countText(look.partitions.length)} partition${look.partitions.length === 1 ? '' : 's'}${paused}`;
  const reads = freshOf(look, look.hasJoined ? joined : 'not in the group');
  const latency = look.latency === undefined ? '' : `p99 ${latencyText(look.latency.p99)}`;
  return (
    <PictureNode box={box} tone={state.tone} name={look.instance} news={news}>
      <NodeText x={box.width - 12} y={20} className="node-figure" atEnd>
        {`${rateText(freshOf(look, look.storedPerSecond))}/s`}
      </NodeText>
      <NodeText x={12} y={41}>
        {reads ?? ''}
      </NodeText>
      <NodeText x={12} y={60} className={state.tone === 'good' ? 'node-note' : 'node-alarm'}>
        {fitted(noteOf(state, latency), box.width - 20, 12)}
      </NodeText>
    </PictureNode>
  );
}

export function WorkerNode({ box, look, news }: InstanceProps<WorkerLook>) {
  const state = instanceState(look);
  const role = look.leads ? `leads, term ${countText(look.term)}` : 'waits';
  return (
    <PictureNode box={box} tone={state.tone} name={look.instance} figureRoom={12} news={news}>
      <NodeText x={12} y={40} className={state.tone === 'good' ? 'node-note' : 'node-alarm'}>
        {fitted(noteOf(state, role), box.width - 20, 12)}
      </NodeText>
    </PictureNode>
  );
}
