import { Button, Flex, Text } from '@radix-ui/themes';
import { useState, type FormEvent } from 'react';
import { announce } from '../frame/announcement.ts';
import { TextInput } from '../frame/text.input.tsx';
import { ModalDialog } from '../frame/modal.dialog.tsx';
import { operatorToken, tokenProblem } from '../api/operator.token.ts';

interface OperatorDialogProps {
  isOpen: boolean;
  onClose: () => void;
}

export function OperatorDialog({ isOpen, onClose }: OperatorDialogProps) {
  return (
    <ModalDialog title="Operator token" isOpen={isOpen} onClose={onClose}>
      <TokenForm onClose={onClose} />
    </ModalDialog>
  );
}

function TokenForm({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = tokenProblem(text.trim());
    setProblem(wrong);
    if (wrong !== undefined) return;
    operatorToken.set(text.trim());
    announce('The operator token is set.');
    onClose();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Text as="p" size="2" color="gray" mb="3">
        It opens dead letters, addresses and clocks. The page keeps it in memory only: a reload forgets it.
      </Text>
      <TextInput label="Token" type="password" autoFocus value={text} problem={problem} onChange={setText} />
      <Flex gap="3" justify="end" mt="3">
        <Button type="button" variant="soft" color="gray" highContrast onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Use the token</Button>
      </Flex>
    </form>
  );
}
