import type { ApiProblem } from '../api/api.problem.ts';
import { ErrorState } from '../frame/error.state.tsx';

/** Why a read failed. The page reads again by itself; what it shows is from before. */
export function ReadProblem({ problem, hasData }: { problem: ApiProblem; hasData: boolean }) {
  return (
    <div className="read-problem">
      <ErrorState problem={problem} />
      <p className="note">The page reads again by itself.{hasData ? ' What it shows is from before.' : ''}</p>
    </div>
  );
}
