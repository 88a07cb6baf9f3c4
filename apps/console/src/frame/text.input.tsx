import { TextField } from '@radix-ui/themes';
import { useId, type ComponentProps } from 'react';

interface TextInputProps extends Omit<ComponentProps<typeof TextField.Root>, 'onChange'> {
  label: string;
  /** What is wrong with it, as a sentence. It is read aloud when it appears. */
  problem: string | undefined;
  onChange: (value: string) => void;
}

/** A field of one line with its name above it and what is wrong with it below. */
export function TextInput({ label, problem, onChange, ...field }: TextInputProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="field-name">
        {label}
      </label>
      <TextField.Root
        autoComplete="off"
        {...field}
        id={id}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
      />
      <p id={`${id}-problem`} className="field-problem" role="alert">
        {problem}
      </p>
    </>
  );
}
