import type { DeadLetterDto, Message } from '@wiber/contracts';
import { Button } from '@radix-ui/themes';
import { Panel } from '../frame/panel.tsx';
import { replayLetter } from './dead-letter.api.ts';
import { OperatorField } from './operator.field.tsx';
import { operatorName, operatorNameProblem } from './operator.name.ts';
import { OperatorProblem } from '../operator/operator.problem.tsx';
import { useDecision } from './use.decision.ts';

interface RepeatFormProps {
  letter: DeadLetterDto;
  /** What the first replay sends, and so every repeat. */
  message: Message;
  onDone: (what: string) => void;
  onStale: () => void;
}

/** Ends a replay that began and did not end. */
export function RepeatForm({ letter, message, onDone, onStale }: RepeatFormProps) {
  const { isBusy, problem, run } = useDecision(onStale);
  const { fromUser, toUser, content } = message;
  const repeat = async (): Promise<void> => {
    if (operatorNameProblem(operatorName.value) !== undefined) return;
    const body = { fromUser, toUser, content };
    const call = { id: letter.id, body, force: true, operator: operatorName.value };
    if (await run(() => replayLetter(call))) onDone(`Dead letter ${letter.id} is replayed.`);
  };
  return (
    <Panel title="Replay again" about="A replay began, and it is not known whether its message is in the log.">
      <div className="mend">
        <p className="decision-note">
          A repeat sends the same message, which is stored once: “<bdi>{content.slice(0, 200)}</bdi>” from{' '}
          <bdi>{fromUser}</bdi> to <bdi>{toUser}</bdi>.
        </p>
        <OperatorField />
        {problem !== undefined && <OperatorProblem problem={problem} />}
        <div className="mend-actions">
          <Button loading={isBusy} onClick={() => void repeat()}>
            Replay again
          </Button>
        </div>
      </div>
    </Panel>
  );
}
