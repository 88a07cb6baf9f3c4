import { TextInput } from '../frame/text.input.tsx';
import { operatorName, operatorNameProblem, useOperatorName } from './operator.name.ts';

/** Who decides, for the trail. */
export function OperatorField() {
  const name = useOperatorName();
  const problem = operatorNameProblem(name);
  return (
    <div className="operator-field">
      <TextInput
        label="Your name, for the trail"
        value={name}
        placeholder="operator"
        problem={problem && `It ${problem}.`}
        onChange={(text) => operatorName.set(text)}
      />
    </div>
  );
}
