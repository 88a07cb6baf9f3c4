import { Button, Flex, Text, TextArea } from '@radix-ui/themes';
import { useId, useState, type FormEvent } from 'react';
import { ModalDialog } from '../frame/modal.dialog.tsx';
import { discardLetter } from './dead-letter.api.ts';
import { operatorName, operatorNameProblem } from './operator.name.ts';
import { OperatorField } from './operator.field.tsx';
import { OperatorProblem } from '../operator/operator.problem.tsx';
import { useDecision } from './use.decision.ts';

/** NOTE_MAX of libs/contracts. */
const NOTE_MAX = 500;

interface DiscardDialogProps {
  id: string;
  isOpen: boolean;
  onClose: () => void;
  onDone: (what: string) => void;
  onStale: () => void;
}

/** Asks before a letter is discarded, because nobody can take that back. */
export function DiscardDialog({ isOpen, onClose, ...rest }: DiscardDialogProps) {
  return (
    <ModalDialog title={`Discard dead letter ${rest.id}?`} isOpen={isOpen} onClose={onClose}>
      <DiscardForm onClose={onClose} {...rest} />
    </ModalDialog>
  );
}

function DiscardForm({ id, onClose, onDone, onStale }: Omit<DiscardDialogProps, 'isOpen'>) {
  const [note, setNote] = useState('');
  const { isBusy, problem, run } = useDecision(onStale);
  const noteId = useId();
  const submit = async (): Promise<void> => {
    if (operatorNameProblem(operatorName.value) !== undefined) return;
    if (!(await run(() => discardLetter(id, note.trim(), operatorName.value)))) return;
    onClose();
    onDone(`Dead letter ${id} is discarded.`);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  return (
    <form className="mend" onSubmit={onSubmit} noValidate>
      <Text as="p" size="2">
        Its message is then never stored. That can not be taken back. The letter stays readable, with your note.
      </Text>
      <div>
        <label htmlFor={noteId} className="field-name">
          Note, for the trail
        </label>
        <TextArea
          id={noteId}
          value={note}
          maxLength={NOTE_MAX}
          rows={2}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <OperatorField />
      {problem !== undefined && <OperatorProblem problem={problem} />}
      <Flex gap="3" justify="end">
        <Button type="button" variant="soft" color="gray" highContrast onClick={onClose}>
          Keep it
        </Button>
        <Button type="submit" color="red" highContrast loading={isBusy}>
          Discard it
        </Button>
      </Flex>
    </form>
  );
}
