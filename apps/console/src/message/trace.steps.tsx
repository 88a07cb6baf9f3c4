import type { TraceStep } from '@wiber/contracts';
import { dayAndClockText, dayText, machineTime, preciseClockText } from '../frame/time.text.ts';
import { durationText } from '../messages/duration.text.ts';
import { STEP_TITLE, clockText, sinceStepBefore, stepSentence } from './trace.text.ts';

/** The steps of a trace as a list: all that the picture shows, and more. */
export function TraceSteps({ steps }: { steps: readonly TraceStep[] }) {
  return (
    <ol className="trace-steps">
      {steps.map((step, at) => (
        <li key={`${step.step} ${String(at)}`} data-step={step.step}>
          <span className="trace-number number" aria-hidden="true">
            {at + 1}
          </span>
          <div>
            <p className="trace-step-title">
              <strong>{STEP_TITLE[step.step]}</strong>
              <StepTime step={step} />
            </p>
            <p>{stepSentence(step)}</p>
            <Since ms={sinceStepBefore(steps, at)} />
            <StepFacts step={step} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function StepTime({ step: { at, clock } }: { step: TraceStep }) {
  if (at === undefined) return <span className="note">time not kept</span>;
  return (
    <span className="note number">
      <time dateTime={machineTime(at)} title={dayAndClockText(at)}>
        {dayText(at)}, {preciseClockText(at)}
      </time>{' '}
      by {clockText(clock)}
    </span>
  );
}

/** A step that is earlier than its cause shows that the clocks differ, or when they were read, and nothing else. */
function Since({ ms }: { ms: number | undefined }) {
  if (ms === undefined) return null;
  if (ms >= 0) return <p className="note number">{durationText(ms)} after the step before, by both clocks</p>;
  return (
    <p className="note number trace-skew">
      {durationText(-ms)} earlier than its cause by the clocks of both places, which differ
    </p>
  );
}

function StepFacts({ step }: { step: TraceStep }) {
  const facts: [string, string | number | undefined][] = [
    ['Instance', step.instance],
    ['Partition', step.partition],
    ['Offset', step.offset],
    ['Lamport time', step.lamport],
    ['Message id', step.messageId],
    ['Reason', step.reason],
    ['Error', step.error],
    ['Attempts', step.attempts],
    ['Operator', step.operator],
    ['Note', step.note],
  ];
  const known = facts.filter(([, value]) => value !== undefined);
  if (known.length === 0) return null;
  return (
    <dl className="trace-step-facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
