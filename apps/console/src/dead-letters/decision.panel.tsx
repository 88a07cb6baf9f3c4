import type { DeadLetterDto } from '@wiber/contracts';
import { Link } from 'react-router';
import { Panel } from '../frame/panel.tsx';
import { announce } from '../frame/announcement.ts';
import { noteDecision } from './decision.count.ts';
import { MendForm } from './mend.form.tsx';
import { RepeatForm } from './repeat.form.tsx';

interface DecisionPanelProps {
  letter: DeadLetterDto;
  /** Called after a refusal that may mean that the letter has changed. */
  onDecided: () => void;
}

/** What an operator can do with a letter in its state. */
export function DecisionPanel({ letter, onDecided }: DecisionPanelProps) {
  const done = (what: string) => {
    announce(what);
    noteDecision();
  };
  const { state, replay } = letter;
  if (state === 'discarded')
    return (
      <Panel title="Decision">
        <p className="decision-note">It is discarded and stays so. Nothing more can be done with it.</p>
      </Panel>
    );
  if (state === 'replayed')
    return (
      <Panel title="Decision">
        <p className="decision-note">
          It is replayed: its message is in the log.{' '}
          {replay !== undefined && <Link to={messageAddress(letter, replay.messageId)}>Trace of its message</Link>}
        </p>
      </Panel>
    );
  if (state === 'replaying' && replay !== undefined)
    return <RepeatForm letter={letter} message={replay} onDone={done} onStale={onDecided} />;
  return <MendForm letter={letter} onDone={done} onStale={onDecided} />;
}

const messageAddress = ({ trail }: DeadLetterDto, messageId: string): string => {
  const place = trail.findLast(({ partition, offset }) => partition !== undefined && offset !== undefined);
  return `/messages/${messageId}${place ? `?partition=${String(place.partition)}&offset=${String(place.offset)}` : ''}`;
};
