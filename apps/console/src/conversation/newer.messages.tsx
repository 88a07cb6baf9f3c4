import { Button } from '@radix-ui/themes';
import { countText } from '../frame/number.text.ts';

interface NewerMessagesProps {
  /** How many messages are newer than what is shown. */
  count: number;
  isBusy: boolean;
  onReturn: () => void;
}

/** Says that the newest messages are not shown, and leads back to them. */
export function NewerMessages({ count, isBusy, onReturn }: NewerMessagesProps) {
  return (
    <p className="newer-messages">
      <span className="number">{newerText(count)}</span>
      <Button size="1" variant="soft" loading={isBusy} onClick={onReturn}>
        Go to the newest
      </Button>
    </p>
  );
}

const newerText = (count: number): string => (count === 1 ? '1 newer message' : `${countText(count)} newer messages`);
