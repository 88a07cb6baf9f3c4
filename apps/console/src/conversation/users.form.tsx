import { Button } from '@radix-ui/themes';
import { useState, type FormEvent } from 'react';
import { TextInput } from '../frame/text.input.tsx';
import { normaliseUsername } from '../messages/message.rules.ts';
import { usersProblem, type UsersProblem } from './conversation.users.ts';

interface UsersFormProps {
  users: readonly [string, string];
  /** Whether the names come from the address: what is wrong with them is then said at once. */
  isAsked: boolean;
  onOpen: (user1: string, user2: string) => void;
}

export function UsersForm({ users, isAsked, onOpen }: UsersFormProps) {
  const [[user1, user2], setUsers] = useState(users);
  const [problem, setProblem] = useState<UsersProblem | undefined>(isAsked ? usersProblem(...users) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = usersProblem(user1, user2);
    setProblem(wrong);
    if (wrong === undefined) onOpen(normaliseUsername(user1), normaliseUsername(user2));
  };
  return (
    <form className="users-form" onSubmit={submit} noValidate>
      <NameField
        name="First user"
        value={user1}
        problem={problem?.user1}
        onChange={(name) => setUsers([name, user2])}
      />
      <NameField
        name="Second user"
        value={user2}
        problem={problem?.user2}
        onChange={(name) => setUsers([user1, name])}
      />
      <Button type="submit">Open conversation</Button>
    </form>
  );
}

interface NameFieldProps {
  name: string;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
}

function NameField({ name, value, problem, onChange }: NameFieldProps) {
  return (
    <div className="users-form-field">
      <TextInput
        label={name}
        value={value}
        autoCapitalize="none"
        spellCheck={false}
        problem={problem && `The name ${problem}.`}
        onChange={onChange}
      />
    </div>
  );
}
