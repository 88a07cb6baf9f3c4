import { QuestionMarkCircledIcon } from '@radix-ui/react-icons';
import type { Look, LookPart } from '@wiber/contracts';

const NAMES: Record<LookPart, string> = {
  pulses: 'gateways, ingest and metrics workers',
  partitions: 'partitions',
  brokers: 'brokers',
  members: 'the replica set',
  leader: 'the leader',
  deadLetters: 'dead letters',
};

/** Says which parts of what is shown are from before, and why. */
export function UnknownParts({ look }: { look: Look }) {
  if (look.unknown.length === 0) return null;
  return (
    <ul className="unknown-parts">
      {look.unknown.map(({ part, reason }) => (
        <li key={part}>
          <QuestionMarkCircledIcon aria-hidden="true" />
          <span>
            Not known now: <strong>{NAMES[part]}</strong>. {reason}. What is shown of it is from before.
          </span>
        </li>
      ))}
    </ul>
  );
}
