import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { Button } from '@radix-ui/themes';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { TextInput } from '../frame/text.input.tsx';
import { addressOfMessage, readSearch } from './message.search.ts';

const PROBLEM = 'This has no id of a message: 32 hexadecimal digits in five groups.';

/** @param asked what the address of the page has as the id */
export function FindForm({ asked }: { asked: string }) {
  const [text, setText] = useState(asked);
  const [problem, setProblem] = useState(asked !== '' && !readSearch(asked) ? PROBLEM : undefined);
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = readSearch(text);
    setProblem(found ? undefined : PROBLEM);
    if (found) void navigate(addressOfMessage(found));
  };
  return (
    <form className="find-form" onSubmit={submit} noValidate role="search">
      <div className="find-form-field">
        <TextInput
          label="Message id, or Location of a send"
          value={text}
          placeholder="0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e"
          autoCapitalize="none"
          spellCheck={false}
          problem={problem}
          onChange={setText}
        />
      </div>
      <Button type="submit">
        <MagnifyingGlassIcon aria-hidden="true" /> Find
      </Button>
    </form>
  );
}
