import { TextArea, TextField } from '@radix-ui/themes';
import { useId } from 'react';
import { CONTENT_MAX, charactersOf } from '../messages/message.rules.ts';
import type { BodyField, BodyProblems, MendedBody } from './mended.body.ts';

interface BodyFieldsProps {
  body: MendedBody;
  problems: BodyProblems;
  onChange: (body: MendedBody) => void;
}

export function BodyFields({ body, problems, onChange }: BodyFieldsProps) {
  const id = useId();
  const idOf = (field: BodyField) => `${id}-${field}`;
  const change = (field: BodyField) => (event: { target: { value: string } }) =>
    onChange({ ...body, [field]: event.target.value });
  const described = (field: BodyField) => ({
    id: idOf(field),
    value: body[field],
    onChange: change(field),
    'aria-invalid': problems[field] !== undefined,
    'aria-describedby': `${idOf(field)}-problem`,
  });
  return (
    <>
      <div className="mend-names">
        <div>
          <Label id={idOf('fromUser')} text="From" />
          <TextField.Root {...described('fromUser')} autoComplete="off" autoCapitalize="none" spellCheck={false} />
          <FieldProblem id={idOf('fromUser')} text={problems.fromUser} />
        </div>
        <div>
          <Label id={idOf('toUser')} text="To" />
          <TextField.Root {...described('toUser')} autoComplete="off" autoCapitalize="none" spellCheck={false} />
          <FieldProblem id={idOf('toUser')} text={problems.toUser} />
        </div>
      </div>
      <div>
        <Label id={idOf('content')} text="Content" />
        <TextArea {...described('content')} rows={4} resize="vertical" />
        <p className="note number mend-length">
          {charactersOf(body.content).toLocaleString('en')} of {CONTENT_MAX.toLocaleString('en')} characters
        </p>
        <FieldProblem id={idOf('content')} text={problems.content} />
      </div>
    </>
  );
}

function Label({ id, text }: { id: string; text: string }) {
  return (
    <label htmlFor={id} className="field-name">
      {text}
    </label>
  );
}

function FieldProblem({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p id={`${id}-problem`} className="field-problem" role="alert">
      {text !== undefined && `It ${text}.`}
    </p>
  );
}
