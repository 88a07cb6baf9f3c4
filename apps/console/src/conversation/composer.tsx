import { PaperPlaneIcon } from '@radix-ui/react-icons';
import { Button, TextArea } from '@radix-ui/themes';
import { useId, useState, type FormEvent, type KeyboardEvent } from 'react';
import { CONTENT_MAX, charactersOf, contentProblem } from '../messages/message.rules.ts';
import type { Delivery } from './delivery.state.ts';

interface ComposerProps {
  me: string;
  other: string;
  send: (content: string) => Promise<Delivery>;
}

/** Where one user writes. What the gateway refuses comes back into the field, with the reason below it. */
export function Composer({ me, other, send }: ComposerProps) {
  const [content, setContent] = useState('');
  const [problem, setProblem] = useState<string>();
  const id = useId();
  const submit = async (): Promise<void> => {
    const wrong = contentProblem(content);
    setProblem(wrong === undefined ? undefined : `The message ${wrong}.`);
    if (wrong !== undefined) return;
    setContent('');
    const { state, refusal } = await send(content);
    if (state !== 'refused') return;
    setContent((typed) => (typed === '' ? content : typed));
    const ofField = refusal?.errors?.find(({ field }) => field === 'content');
    if (ofField) setProblem(`The message ${ofField.message} (${refusal?.code ?? ''}).`);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };
  return (
    <form className="composer" onSubmit={onSubmit} noValidate>
      <label htmlFor={id} className="unseen">
        Message of {me} to {other}
      </label>
      <TextArea
        id={id}
        value={content}
        rows={2}
        placeholder={`Write to ${other} as ${me}`}
        onChange={(event) => setContent(event.target.value)}
        onKeyDown={onKeyDown}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem ${id}-hint`}
      />
      <ComposerFoot me={me} content={content} hintId={`${id}-hint`} />
      <p id={`${id}-problem`} className="field-problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

function ComposerFoot({ me, content, hintId }: { me: string; content: string; hintId: string }) {
  return (
    <div className="composer-foot">
      <p id={hintId} className="note number">
        <span className="composer-keys">Enter sends, Shift and Enter makes a new line</span>
        <Length content={content} />
      </p>
      <Button type="submit">
        <PaperPlaneIcon aria-hidden="true" /> Send as {me}
      </Button>
    </div>
  );
}

/** Shown when the content comes near its limit. */
function Length({ content }: { content: string }) {
  if (content.length < CONTENT_MAX * 0.8) return null;
  return (
    <span>{` · ${charactersOf(content).toLocaleString('en')} of ${CONTENT_MAX.toLocaleString('en')} characters`}</span>
  );
}
