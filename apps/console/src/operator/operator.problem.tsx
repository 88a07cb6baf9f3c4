import { Button } from '@radix-ui/themes';
import type { ApiProblem } from '../api/api.problem.ts';
import { ErrorState } from '../frame/error.state.tsx';
import { forgetOperatorToken } from '../api/operator.token.ts';

interface OperatorProblemProps {
  problem: ApiProblem;
  onRetry?: () => void;
}

/** A refusal of an operator's call, with what to do about the token where that is the cause. */
export function OperatorProblem({ problem, onRetry }: OperatorProblemProps) {
  const { code } = problem;
  const isAboutToken = code === 'unauthorized' || code === 'operator_closed';
  return (
    <div className="operator-problem">
      <ErrorState problem={problem} onRetry={isAboutToken ? undefined : onRetry} />
      {code === 'unauthorized' && (
        <p className="operator-hint">
          The token that was entered is not that of this gateway. It was given to it as OPERATOR_TOKEN; npm start prints
          it.{' '}
          <Button size="1" variant="soft" onClick={forgetOperatorToken}>
            Enter another token
          </Button>
        </p>
      )}
      {code === 'operator_closed' && (
        <p className="operator-hint">
          This gateway was started without OPERATOR_TOKEN, so nothing for operators can be seen or decided here. Start
          it with a token, or open the console of a gateway that has one.
        </p>
      )}
    </div>
  );
}
