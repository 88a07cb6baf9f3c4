import type { DeadLetterDto, TrailEntry } from '@wiber/contracts';
import { Link } from 'react-router';
import { dayAndClockText, machineTime } from '../frame/time.text.ts';

export function TrailList({ letter: { trail } }: { letter: DeadLetterDto }) {
  if (trail.length === 0) return <p className="note">Nobody has decided on it yet.</p>;
  return (
    <ol className="trail">
      {trail.map((entry, at) => (
        <li key={`${String(entry.at)} ${String(at)}`}>
          <time className="note number" dateTime={machineTime(entry.at)}>
            {dayAndClockText(entry.at)}
          </time>
          <span>
            <strong>{entry.who}</strong> {wordsOf(entry)}
          </span>
          {entry.messageId !== undefined && <MessageLink entry={entry} id={entry.messageId} />}
          {entry.note !== undefined && <q className="trail-note">{entry.note}</q>}
        </li>
      ))}
    </ol>
  );
}

const wordsOf = ({ what, mended, forced, partition, offset }: TrailEntry): string => {
  if (what === 'discard') return 'discarded it.';
  if (what === 'replay') {
    const how = [mended === true && 'with a mended body', forced === true && 'behind newer messages'].filter(Boolean);
    return `began to replay it${how.length > 0 ? ` ${how.join(', ')}` : ''}.`;
  }
  const place = partition === undefined ? '' : `, partition ${String(partition)}, offset ${String(offset)}`;
  return `replayed it: its message is in the log${place}.`;
};

function MessageLink({ entry: { partition, offset }, id }: { entry: TrailEntry; id: string }) {
  const place = partition === undefined ? '' : `?partition=${String(partition)}&offset=${String(offset)}`;
  return <Link to={`/messages/${id}${place}`}>Trace of its message</Link>;
}
