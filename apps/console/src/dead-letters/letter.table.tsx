import type { DeadLetterState, DeadLetterSummaryDto } from '@wiber/contracts';
import { Link, type To } from 'react-router';
import { StateMark, type Tone } from '../frame/state.mark.tsx';
import { dayAndClockText, machineTime } from '../frame/time.text.ts';
import { REASON_TEXT, STATE_MEANING, STATE_TEXT } from './letter.filter.ts';

export type AddressOf = (id?: string) => To;

const TONE: Readonly<Record<DeadLetterState, Tone>> = {
  waiting: 'bad',
  replaying: 'warn',
  replayed: 'good',
  discarded: 'plain',
};

export function LetterState({ state }: { state: DeadLetterState }) {
  return (
    <span title={STATE_MEANING[state]}>
      <StateMark tone={TONE[state]}>{STATE_TEXT[state]}</StateMark>
    </span>
  );
}

/** The id of a row's element. */
export const rowId = (id: string): string => `letter-${id}`;

interface LetterTableProps {
  letters: readonly DeadLetterSummaryDto[];
  selected: string | undefined;
  addressOf: AddressOf;
}

/** A row for each letter. Its whole area is the link; its error is cut to two lines. */
export function LetterTable({ letters, selected, addressOf }: LetterTableProps) {
  return (
    <ul className="letter-rows">
      {letters.map((letter) => (
        <li key={letter.id}>
          <Link
            id={rowId(letter.id)}
            to={addressOf(letter.id)}
            className="letter-row"
            aria-current={letter.id === selected ? 'true' : undefined}
            preventScrollReset
          >
            <span className="letter-row-head">
              <span className="letter-row-id number">{letter.id}</span>
              <strong>{REASON_TEXT[letter.reason].label}</strong>
              <LetterState state={letter.state} />
            </span>
            <span className="letter-row-error">{letter.error}</span>
            <span className="letter-row-facts number">
              <time dateTime={machineTime(letter.time)}>{dayAndClockText(letter.time)}</time>
              {letter.instance !== '' && <span>{letter.instance}</span>}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
