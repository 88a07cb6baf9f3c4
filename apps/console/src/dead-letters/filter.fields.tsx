import { useId } from 'react';
import { REASONS, REASON_TEXT, STATES, STATE_TEXT, type LetterFilter } from './letter.filter.ts';

interface FilterFieldsProps {
  filter: LetterFilter;
  onChange: (filter: LetterFilter) => void;
}

export function FilterFields({ filter, onChange }: FilterFieldsProps) {
  const id = useId();
  return (
    <div className="letter-filter">
      <div>
        <label htmlFor={`${id}-state`} className="field-name">
          State
        </label>
        <select
          id={`${id}-state`}
          className="select"
          value={filter.state}
          onChange={({ target }) => {
            const state = STATES.find((one) => one === target.value);
            if (state !== undefined) onChange({ ...filter, state });
          }}
        >
          {STATES.map((state) => (
            <option key={state} value={state}>
              {STATE_TEXT[state]}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label htmlFor={`${id}-reason`} className="field-name">
          Reason
        </label>
        <select
          id={`${id}-reason`}
          className="select"
          value={filter.reason ?? ''}
          onChange={({ target }) => onChange({ ...filter, reason: REASONS.find((one) => one === target.value) })}
        >
          <option value="">Any</option>
          {REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {REASON_TEXT[reason].label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
