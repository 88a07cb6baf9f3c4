import type { DeadLetterDto } from '@wiber/contracts';
import { useState } from 'react';
import { Choice } from '../frame/choice.tsx';
import { CopyButton } from './copy.button.tsx';
import { SHOWN_MAX_BYTES, bytesOf, bytesText, hexLines, readableText } from './letter.bytes.ts';

const FORMS = ['text', 'hex', 'base64'] as const;
type Form = (typeof FORMS)[number];
const FORM_NAME: Readonly<Record<Form, string>> = { text: 'Text', hex: 'Hex', base64: 'Base64' };

/** The value of a record as text, when it is UTF-8, and as its bytes. */
export function LetterValue({ letter: { valueText, valueBase64 } }: { letter: DeadLetterDto }) {
  const [chosen, setChosen] = useState<Form>();
  if (valueBase64 === undefined) return <p className="note">The record has no value.</p>;
  const forms = valueText === undefined ? FORMS.slice(1) : FORMS;
  const form = chosen ?? (valueText === undefined ? 'hex' : 'text');
  const { text, rest } = shownIn(form, valueText ?? '', valueBase64);
  return (
    <>
      <div className="value-bar">
        <Choice
          className="value-forms"
          legend="How to show the body"
          name="form"
          options={forms.map((value) => ({ value, label: FORM_NAME[value] }))}
          chosen={form}
          onChoose={setChosen}
        />
        <CopyButton text={copyOf(form, valueText ?? '', valueBase64)} />
      </div>
      {valueText === undefined && <p className="note">The value is not UTF-8, so it has no text.</p>}
      <pre
        className="value"
        data-form={form}
        tabIndex={0}
        role="region"
        aria-label={`Body as ${FORM_NAME[form].toLowerCase()}`}
      >
        {text === '' ? ' ' : text}
      </pre>
      {rest > 0 && <p className="note">{bytesText(rest)} more are not shown.</p>}
    </>
  );
}

/** The start of a value in one form, and how many bytes of it are left out. */
const shownIn = (form: Form, valueText: string, valueBase64: string): { text: string; rest: number } => {
  if (form === 'hex') {
    const bytes = bytesOf(valueBase64) ?? new Uint8Array();
    return { text: hexLines(bytes).join('\n'), rest: Math.max(0, bytes.length - SHOWN_MAX_BYTES) };
  }
  const whole = form === 'text' ? readableText(valueText) : valueBase64;
  const cut = whole.slice(SHOWN_MAX_BYTES);
  const rest = form === 'text' ? new TextEncoder().encode(cut).length : Math.ceil(cut.length * 0.75);
  return { text: whole.slice(0, SHOWN_MAX_BYTES), rest };
};

/** The whole text or base64, also where only its start is shown; of the bytes, the lines that are shown. */
const copyOf = (form: Form, valueText: string, valueBase64: string): string => {
  if (form === 'text') return valueText;
  return form === 'base64' ? valueBase64 : shownIn(form, valueText, valueBase64).text;
};
