import type { ReactNode } from 'react';

interface ChoiceProps<T extends string> {
  /** What is chosen, for who does not see the page. */
  legend: string;
  /** Unique on the page. */
  name: string;
  className?: string;
  options: readonly { value: T; label: ReactNode; title?: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, side by side: radio buttons that look like a switch. */
export function Choice<T extends string>({ legend, name, className = '', options, chosen, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset className={`choice ${className}`}>
      <legend className="unseen">{legend}</legend>
      {options.map(({ value, label, title }) => (
        <label key={value} title={title}>
          <input
            type="radio"
            name={name}
            className="unseen"
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
