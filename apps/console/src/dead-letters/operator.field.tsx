import { TextField } from '@radix-ui/themes';
import { useId } from 'react';
import { operatorName, operatorNameProblem, useOperatorName } from './operator.name.ts';

/** Who decides, for the trail. */
export function OperatorField() {
  const id = useId();
  const name = useOperatorName();
  const problem = operatorNameProblem(name);
  return (
    <div className="operator-field">
      <label htmlFor={id} className="field-name">
        Your name, for the trail
      </label>
      <TextField.Root
        id={id}
        value={name}
        placeholder="operator"
        autoComplete="off"
        onChange={(event) => operatorName.set(event.target.value)}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
      />
      <p id={`${id}-problem`} className="field-problem" role="alert">
        {problem !== undefined && `It ${problem}.`}
      </p>
    </div>
  );
}
