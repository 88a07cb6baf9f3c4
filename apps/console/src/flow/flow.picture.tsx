import { memo } from 'react';
import type { Look, LookEvent } from '@wiber/contracts';
import type { SeenEvent } from '../stream/look.history.ts';
import { newsOf } from './fresh.events.ts';
import { flowLayout, memberKey, partitionKey, type FlowLayout } from './flow.layout.ts';
import { partitionLinks, readerLinks, storeLinks, writerLinks } from './flow.links.ts';
import { flowSummary } from './flow.summary.ts';
import { GatewayNode, IngestNode, WorkerNode } from './picture.instances.tsx';
import { PictureLinks, PictureMotion } from './picture.links.tsx';
import { BrokersLine, LettersNode, MemberNode, PartitionNode } from './picture.servers.tsx';

interface FlowPictureProps {
  look: Look;
  events: readonly SeenEvent[];
  width: number;
}

/** The system as a picture. The tables below it say the same to people who do not see it. */
export const FlowPicture = memo(function FlowPicture({ look, events, width }: FlowPictureProps) {
  const layout = flowLayout(look, width);
  const news = newsOf(events, look.at);
  const written = writerLinks(look, layout);
  const stored = storeLinks(look, layout);
  const read = [...partitionLinks(look, layout), ...readerLinks(look, layout)];
  const { spine } = layout;
  return (
    <div className="picture-layers">
      <svg
        className="picture"
        viewBox={`0 0 ${String(layout.width)} ${String(layout.height)}`}
        role="img"
        aria-label={flowSummary(look)}
      >
        <Titles layout={layout} hasWorkers={look.workers.length > 0} />
        <PictureLinks links={[...written, ...read, ...stored]} />
        <path className="spine" d={`M${String(spine.x)} ${String(spine.top)}V${String(spine.bottom)}`} />
        <BrokersLine box={layout.brokers} brokers={look.brokers} />
        <Nodes look={look} layout={layout} news={news} />
      </svg>
      <PictureMotion width={layout.width} height={layout.height} links={[...written, ...stored, ...read]} />
    </div>
  );
});

function Titles({ layout, hasWorkers }: { layout: FlowLayout; hasWorkers: boolean }) {
  const { gateways, brokers, ingests, letters, workers } = layout;
  const readersX = ingests[0]?.x ?? workers[0]?.x;
  const titles = [
    { text: 'Gateways', x: gateways[0]?.x ?? 0, y: 10 },
    { text: 'Kafka', x: brokers.x, y: 10 },
    ...(readersX === undefined ? [] : [{ text: 'Ingest', x: readersX, y: 10 }]),
    { text: 'MongoDB', x: letters.x, y: 10 },
    ...(hasWorkers ? [{ text: 'Metrics workers', x: workers[0]?.x ?? 0, y: (workers[0]?.y ?? 0) - 14 }] : []),
  ];
  return titles.map(({ text, x, y }) => (
    <text key={text} className="picture-title" x={x} y={y} dominantBaseline="central">
      {text}
    </text>
  ));
}

/** Below this, a lag is no trouble; a bar that shows it full would alarm. */
const LAG_SCALE = 1000;

interface NodesProps {
  look: Look;
  layout: FlowLayout;
  news: ReadonlyMap<string, LookEvent>;
}

function Nodes({ look, layout, news }: NodesProps) {
  const fullLag = Math.max(LAG_SCALE, ...look.partitions.map(({ lag = 0 }) => lag));
  const { gateways, partitions, ingests, workers, members, letters } = layout;
  return (
    <>
      {look.gateways.map(
        (each, at) =>
          gateways[at] && (
            <GatewayNode key={each.instance} box={gateways[at]} look={each} news={news.get(each.instance)} />
          ),
      )}
      {look.partitions.map(
        (each, at) =>
          partitions[at] && (
            <PartitionNode
              key={each.partition}
              box={partitions[at]}
              look={each}
              fullLag={fullLag}
              news={news.get(partitionKey(each.partition))}
            />
          ),
      )}
      {look.ingests.map(
        (each, at) =>
          ingests[at] && (
            <IngestNode key={each.instance} box={ingests[at]} look={each} news={news.get(each.instance)} />
          ),
      )}
      {look.workers.map(
        (each, at) =>
          workers[at] && (
            <WorkerNode key={each.instance} box={workers[at]} look={each} news={news.get(each.instance)} />
          ),
      )}
      {look.members.map(
        (each, at) =>
          members[at] && (
            <MemberNode key={each.member} box={members[at]} look={each} news={news.get(memberKey(each.member))} />
          ),
      )}
      <LettersNode box={letters} open={look.openDeadLetters} news={news.get('dead letters')} />
    </>
  );
}
