import { Button, Flex, Text } from '@radix-ui/themes';
import type { ApiProblem } from '../api/api.problem.ts';
import { ModalDialog } from '../frame/modal.dialog.tsx';

interface ForceDialogProps {
  /** conversation_moved_on; undefined keeps the dialog closed. */
  problem: ApiProblem | undefined;
  onForce: () => void;
  onClose: () => void;
}

/** Asks whether a message may come behind newer ones. */
export function ForceDialog({ problem, onForce, onClose }: ForceDialogProps) {
  return (
    <ModalDialog title="The conversation has moved on" isOpen={problem !== undefined} onClose={onClose}>
      <Text as="p" size="2" mb="2">
        Both have written since. A replay puts this message at the end of the conversation, behind what was written
        after it, so readers see it in another order than it was sent in. Its timestamp stays that of the record, if the
        record has one.
      </Text>
      <Text as="p" size="2" color="gray" mb="4">
        <code>{problem?.code}</code> {problem?.message}
      </Text>
      <Flex gap="3" justify="end" wrap="wrap">
        <Button variant="soft" color="gray" highContrast onClick={onClose}>
          Do not replay
        </Button>
        <Button onClick={onForce}>Replay at the end</Button>
      </Flex>
    </ModalDialog>
  );
}
