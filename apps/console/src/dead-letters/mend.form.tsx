import type { DeadLetterDto } from '@wiber/contracts';
import { Button } from '@radix-ui/themes';
import { useState, type FormEvent } from 'react';
import { Panel } from '../frame/panel.tsx';
import { BodyFields } from './body.fields.tsx';
import { replayLetter } from './dead-letter.api.ts';
import { DiscardDialog } from './discard.dialog.tsx';
import { ForceDialog } from './force.dialog.tsx';
import { draftOf, fieldOf, hasProblem, isSameBody, problemsOf, type BodyProblems } from './mended.body.ts';
import { OperatorField } from './operator.field.tsx';
import { operatorName, operatorNameProblem } from './operator.name.ts';
import { OperatorProblem } from '../operator/operator.problem.tsx';
import { useDecision } from './use.decision.ts';

interface MendFormProps {
  letter: DeadLetterDto;
  onDone: (what: string) => void;
  onStale: () => void;
}

/** Mends the body of a letter and sends it again, or discards it. */
export function MendForm({ letter, onDone, onStale }: MendFormProps) {
  const [draft] = useState(() => draftOf(letter));
  const [body, setBody] = useState(draft.body);
  const [problems, setProblems] = useState<BodyProblems>({});
  const [isDiscarding, setDiscarding] = useState(false);
  const { isBusy, problem, run, clear } = useDecision(onStale);
  const isUnchanged = draft.isValid && isSameBody(body, draft.body);
  const isMovedOn = problem?.code === 'conversation_moved_on';
  const replay = async (force: boolean): Promise<void> => {
    const wrong = problemsOf(body);
    setProblems(wrong);
    if (hasProblem(wrong) || operatorNameProblem(operatorName.value) !== undefined) return;
    const call = { id: letter.id, force, operator: operatorName.value, ...(isUnchanged ? {} : { body }) };
    if (await run(() => replayLetter(call))) onDone(`Dead letter ${letter.id} is replayed.`);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void replay(false);
  };
  const shown = { ...refusedFields(problem?.errors ?? []), ...problems };
  return (
    <Panel title="Mend and replay" about={aboutOf(draft.isValid)}>
      <form className="mend" onSubmit={submit} noValidate>
        <BodyFields body={body} problems={shown} onChange={setBody} />
        <OperatorField />
        {problem !== undefined && !isMovedOn && <OperatorProblem problem={problem} />}
        <div className="mend-actions">
          <Button type="button" variant="soft" color="red" onClick={() => setDiscarding(true)}>
            Discard
          </Button>
          <Button type="submit" loading={isBusy}>
            {isUnchanged ? 'Replay unchanged' : 'Replay with this body'}
          </Button>
        </div>
      </form>
      <ForceDialog problem={isMovedOn ? problem : undefined} onForce={() => void replay(true)} onClose={clear} />
      <DiscardDialog
        id={letter.id}
        isOpen={isDiscarding}
        onClose={() => setDiscarding(false)}
        onDone={onDone}
        onStale={onStale}
      />
    </Panel>
  );
}

const aboutOf = (isValid: boolean): string =>
  isValid
    ? 'The record holds a valid message. It is sent at the end of its conversation, unchanged or with another body.'
    : 'The record holds no valid message, so it needs a body. What could be read of it is filled in; check who the sender is.';

/** The gateway's word on each field, where it names one. */
const refusedFields = (errors: readonly { field: string; message: string }[]): BodyProblems =>
  Object.fromEntries(errors.flatMap(({ field, message }) => [[fieldOf(field) ?? '', message]]));
