import { Button } from '@radix-ui/themes';
import { StateMark, type Tone } from '../frame/state.mark.tsx';
import { DELIVERY_TEXT, isRetryable, type Delivery, type DeliveryState } from './delivery.state.ts';

const TONE: Readonly<Record<DeliveryState, Tone>> = {
  sending: 'plain',
  accepted: 'plain',
  stored: 'good',
  dead_lettered: 'bad',
  unknown: 'warn',
  not_sent: 'warn',
  refused: 'bad',
};

interface DeliveryNoteProps {
  delivery: Delivery;
  onRetry: (key: string) => void;
  onDismiss: (key: string) => void;
}

/** What is known of a message that was sent here, why it failed, and how to go on. */
export function DeliveryNote({ delivery, onRetry, onDismiss }: DeliveryNoteProps) {
  const { state, refusal, key, attempts } = delivery;
  const { label, meaning } = DELIVERY_TEXT[state];
  const canRetry = isRetryable(delivery);
  return (
    <div className="delivery">
      <p className="delivery-state" title={meaning}>
        <StateMark tone={TONE[state]}>{label}</StateMark>
        {attempts > 1 && <span className="note"> · attempt {attempts}</span>}
      </p>
      {state !== 'stored' && state !== 'sending' && <p className="note">{meaning}</p>}
      {refusal !== undefined && (
        <p className="delivery-refusal">
          <code>{refusal.code}</code> {refusal.detail}
        </p>
      )}
      {(canRetry || state === 'refused') && (
        <p className="delivery-actions">
          {canRetry && (
            <Button size="1" variant="soft" onClick={() => onRetry(key)}>
              Retry with the same key
            </Button>
          )}
          {state !== 'unknown' && (
            <Button size="1" variant="soft" color="gray" highContrast onClick={() => onDismiss(key)}>
              Take away
            </Button>
          )}
        </p>
      )}
    </div>
  );
}
