import { memo, type ReactNode } from 'react';
import type { InstanceLook, Look, PartitionLook } from '@wiber/contracts';
import { StateMark } from '../frame/state.mark.tsx';
import { countText, latencyText, rateText } from '../frame/number.text.ts';
import { freshOf, instanceState, partitionState } from './instance.state.ts';
import { memberTone } from './picture.servers.tsx';

/** The picture for a narrow page: the stages under each other, in the order in which a message passes them. */
export const FlowSteps = memo(function FlowSteps({ look }: { look: Look }) {
  const fullLag = Math.max(1000, ...look.partitions.map(({ lag = 0 }) => lag));
  return (
    <ol className="steps">
      <Step name="Gateways" rate={look.totals.acceptedPerSecond}>
        {look.gateways.map((each) => (
          <Row key={each.instance} look={each} figure={`${rateText(freshOf(each, each.acceptedPerSecond))}/s`} />
        ))}
      </Step>
      <Step name="Partitions in Kafka" rate={look.totals.storedPerSecond}>
        {look.partitions.map((each) => (
          <PartitionRow key={each.partition} look={each} fullLag={fullLag} />
        ))}
      </Step>
      <Step name="Ingest" rate={look.totals.storedPerSecond}>
        {look.ingests.map((each) => (
          <Row
            key={each.instance}
            look={each}
            figure={`${rateText(freshOf(each, each.storedPerSecond))}/s`}
            note={`${partitionsText(each.partitions.length)}, p99 ${latencyText(each.latency?.p99)}`}
          />
        ))}
      </Step>
      <Step name="Replica set of MongoDB">
        {look.members.map((each) => (
          <li key={each.member}>
            <StateMark tone={memberTone(each)}>Member {each.member}</StateMark>
            <span className="steps-figure">{each.state}</span>
          </li>
        ))}
      </Step>
    </ol>
  );
});

const partitionsText = (count: number): string => `${countText(count)} partition${count === 1 ? '' : 's'}`;

function Step({ name, rate, children }: { name: string; rate?: number; children: ReactNode[] }) {
  return (
    <li className="step">
      <h3>{name}</h3>
      <ul>{children.length > 0 ? children : <li>none</li>}</ul>
      {rate !== undefined && (
        <p className="step-rate number" data-moves={rate > 0}>
          <svg viewBox="0 0 12 16" aria-hidden="true">
            <path d="M6 1v13M1.5 9.5 6 14l4.5-4.5" />
          </svg>
          {rateText(rate)}/s
        </p>
      )}
    </li>
  );
}

function Row({ look, figure, note }: { look: InstanceLook; figure: string; note?: string }) {
  const { tone, text } = instanceState(look);
  return (
    <li>
      <StateMark tone={tone}>{look.instance}</StateMark>
      <span className="steps-figure number">{figure}</span>
      {(tone !== 'good' || note !== undefined) && (
        <span className="steps-note number">{tone === 'good' ? note : text}</span>
      )}
    </li>
  );
}

function PartitionRow({ look, fullLag }: { look: PartitionLook; fullLag: number }) {
  const { tone, text } = partitionState(look);
  return (
    <li className="steps-partition">
      <StateMark tone={tone}>{look.partition}</StateMark>
      <span className="steps-figure number">{rateText(look.acceptedPerSecond)}/s</span>
      <span className="steps-note number">lag {countText(look.lag)}</span>
      <span className="steps-note steps-place" data-tone={tone}>
        {tone === 'good' ? (look.ingest ?? '') : text}
      </span>
      <progress className="lag-meter" aria-hidden="true" max={fullLag} value={look.lag ?? 0} />
    </li>
  );
}
