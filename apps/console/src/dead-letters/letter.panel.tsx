import type { DeadLetterDto } from '@wiber/contracts';
import { Cross2Icon } from '@radix-ui/react-icons';
import { IconButton } from '@radix-ui/themes';
import { useEffect, useRef } from 'react';
import { useRequest } from '../api/use.request.ts';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { dayAndClockText, machineTime } from '../frame/time.text.ts';
import { readLetter } from './dead-letter.api.ts';
import { useDecisions } from './decision.count.ts';
import { DecisionPanel } from './decision.panel.tsx';
import { bytesText } from './letter.bytes.ts';
import { REASON_TEXT, STATE_MEANING } from './letter.filter.ts';
import { HeaderTable } from './header.table.tsx';
import { LetterState } from './letter.table.tsx';
import { LetterValue } from './letter.value.tsx';
import { OperatorProblem } from '../operator/operator.problem.tsx';
import { TrailList } from './trail.list.tsx';

/** One dead letter: why it is one, its record, its trail, and what to do with it. */
export function LetterPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const decisions = useDecisions();
  const { data, problem, isLoading, reload } = useRequest(`${id} ${String(decisions)}`, (signal) =>
    readLetter(id, signal),
  );
  const panel = useRef<HTMLDivElement>(null);
  // A letter that is opened is what the person wants to read next; on a narrow page it takes the place of the list.
  useEffect(() => panel.current?.focus(), []);
  return (
    <div className="letter" ref={panel} tabIndex={-1}>
      <Panel
        title={`Dead letter ${id}`}
        side={
          <IconButton variant="soft" color="gray" highContrast aria-label="Close the dead letter" onClick={onClose}>
            <Cross2Icon aria-hidden="true" />
          </IconButton>
        }
      >
        {problem !== undefined && <OperatorProblem problem={problem} onRetry={reload} />}
        {data === undefined && isLoading && <Loading what="Reading the dead letter" />}
        {data !== undefined && <LetterFacts letter={data} />}
      </Panel>
      {data !== undefined && (
        <>
          <DecisionPanel key={data.state} letter={data} onDecided={reload} />
          <Panel title="Body" about={bytesText(data.valueBytes)}>
            <LetterValue letter={data} />
          </Panel>
          <Panel title="Headers" about="Of the record, without those of the dead letter">
            <HeaderTable letter={data} />
          </Panel>
          <Panel title="Trail" about="What operators did, oldest first">
            <TrailList letter={data} />
          </Panel>
        </>
      )}
    </div>
  );
}

function LetterFacts({ letter }: { letter: DeadLetterDto }) {
  const { reason, error, state, attempts, time, instance, topic, partition, offset } = letter;
  return (
    <>
      <p className="letter-error">{error}</p>
      <dl className="letter-facts">
        <Fact name="Reason" note={REASON_TEXT[reason].meaning}>
          {REASON_TEXT[reason].label}
        </Fact>
        <Fact name="State" note={STATE_MEANING[state]}>
          <LetterState state={state} />
        </Fact>
        <Fact name="Rejected">
          <time dateTime={machineTime(time)}>{dayAndClockText(time)}</time>
          {instance !== '' && ` by ${instance}`}, after {attempts === 1 ? '1 attempt' : `${String(attempts)} attempts`}
        </Fact>
        <Fact name="Record">
          <code>
            {topic}[{partition}]@{offset}
          </code>
        </Fact>
      </dl>
    </>
  );
}

function Fact({ name, note, children }: { name: string; note?: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="number">{children}</span>
        {note !== undefined && <span className="note">{note}</span>}
      </dd>
    </div>
  );
}
