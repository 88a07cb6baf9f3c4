import { CrossCircledIcon } from '@radix-ui/react-icons';
import { Button, Text } from '@radix-ui/themes';
import type { ApiProblem } from '../api/api.problem.ts';

interface ErrorStateProps {
  problem: ApiProblem;
  /** Asks again. */
  onRetry?: () => void;
}

/** A refusal, or no answer: its sentence, its code, the fields it names, and the id to find it by in the log. */
export function ErrorState({ problem, onRetry }: ErrorStateProps) {
  return (
    <div className="error-state" role="alert">
      <CrossCircledIcon aria-hidden="true" className="error-state-mark" />
      <div className="error-state-text">
        <Text as="p" size="2" weight="medium">
          {problem.title}
        </Text>
        <Text as="p" size="2">
          {problem.message}
        </Text>
        {problem.errors.length > 0 && (
          <ul>
            {problem.errors.map(({ field, message }) => (
              <li key={field}>
                <code>{field}</code> {message}
              </li>
            ))}
          </ul>
        )}
        <p className="error-state-facts">
          <code>{problem.code}</code>
          {problem.retryAfterS !== undefined && <span>try again after {problem.retryAfterS} s</span>}
          {problem.correlationId !== undefined && (
            <span>
              correlation id <code>{problem.correlationId}</code>
            </span>
          )}
        </p>
      </div>
      {onRetry !== undefined && (
        <Button variant="soft" color="gray" highContrast onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
