import { useEffect, useRef, useState } from 'react';
import { announce } from '../frame/announcement.ts';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { PageHeader } from '../frame/page.header.tsx';
import { Panel } from '../frame/panel.tsx';
import { useWidth } from '../frame/use.width.ts';
import { EventList } from '../stream/event.list.tsx';
import type { SeenEvent } from '../stream/look.history.ts';
import { useLookStream } from '../stream/look.stream.ts';
import { UnknownParts } from '../stream/unknown.parts.tsx';
import { PICTURE_MIN_WIDTH } from './flow.columns.ts';
import { FlowCharts } from './flow.charts.tsx';
import { FlowPicture } from './flow.picture.tsx';
import { FlowSteps } from './flow.steps.tsx';
import { FlowTables } from './flow.tables.tsx';
import { FlowTroubles, FlowVerdict } from './flow.verdict.tsx';
import './flow.css';

export function FlowView() {
  const { look, history, problem, freshness } = useLookStream();
  useSpokenTrouble(history.events);
  return (
    <>
      <PageHeader title="Flow" about="Messages on their way from the gateways through Kafka to MongoDB, once a second.">
        {look !== undefined && <FlowVerdict look={look} freshness={freshness} />}
      </PageHeader>
      {look === undefined ? (
        problem === undefined ? (
          <Loading what="Waiting for the first look" />
        ) : (
          <ErrorState problem={problem} />
        )
      ) : (
        <div className="flow" data-freshness={freshness}>
          <FlowTroubles look={look} />
          <UnknownParts look={look} />
          <FlowCharts look={look} history={history} />
          <div className="flow-body">
            <Picture />
            <Panel title="Events" about="What changed, newest first." className="flow-events">
              <EventList events={history.events} empty="Nothing has changed yet" />
            </Panel>
          </div>
        </div>
      )}
    </>
  );
}

function Picture() {
  const { look, history } = useLookStream();
  const [holder, width] = useWidth<HTMLDivElement>();
  const [showsTables, setShowsTables] = useState(false);
  if (look === undefined) return null;
  return (
    <Panel title="Path of the messages" about="Lines are as wide as what comes through." className="flow-path">
      <div ref={holder}>
        {width >= PICTURE_MIN_WIDTH && <FlowPicture look={look} events={history.events} width={width} />}
        {width > 0 && width < PICTURE_MIN_WIDTH && <FlowSteps look={look} />}
      </div>
      <details className="flow-details" onToggle={(event) => setShowsTables(event.currentTarget.open)}>
        <summary>All numbers as tables</summary>
        {showsTables && <FlowTables look={look} />}
      </details>
    </Panel>
  );
}

/** Reads the newest trouble aloud. What happened before the page was opened is in the list only. */
function useSpokenTrouble(events: readonly SeenEvent[]): void {
  const spokenAt = useRef<number>(undefined);
  const newest = events.find(({ severity }) => severity === 'bad');
  useEffect(() => {
    const before = spokenAt.current;
    spokenAt.current = Math.max(before ?? 0, newest?.at ?? 0);
    if (newest !== undefined && before !== undefined && newest.at > before) announce(newest.text);
  }, [newest]);
}
