import type { DeadLetterDto } from '@wiber/contracts';
import { useMemo, useState } from 'react';
import { CopyButton } from './copy.button.tsx';
import { SHOWN_MAX_BYTES, bytesOf, bytesText, hexLines, readableText } from './letter.bytes.ts';

const FORMS = ['text', 'hex', 'base64'] as const;
type Form = (typeof FORMS)[number];
const FORM_NAME: Readonly<Record<Form, string>> = { text: 'Text', hex: 'Hex', base64: 'Base64' };

/** The value of a record as text, when it is UTF-8, and as its bytes. */
export function LetterValue({ letter: { valueText, valueBase64 } }: { letter: DeadLetterDto }) {
  const forms = valueText === undefined ? FORMS.slice(1) : FORMS;
  const [chosen, setChosen] = useState<Form>();
  const form = chosen ?? forms[0] ?? 'hex';
  const shown = useMemo(() => shownIn(form, { valueText, valueBase64 }), [form, valueText, valueBase64]);
  if (valueBase64 === undefined) return <p className="note">The record has no value.</p>;
  return (
    <>
      <div className="value-bar">
        <fieldset className="value-forms">
          <legend className="unseen">How to show the body</legend>
          {forms.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="form"
                className="unseen"
                checked={one === form}
                onChange={() => setChosen(one)}
              />
              <span>{FORM_NAME[one]}</span>
            </label>
          ))}
        </fieldset>
        <CopyButton text={form === 'text' ? (valueText ?? '') : form === 'hex' ? shown.text : valueBase64} />
      </div>
      {valueText === undefined && <p className="note">The value is not UTF-8, so it has no text.</p>}
      <pre
        className="value"
        tabIndex={0}
        role="region"
        data-form={form}
        aria-label={`Body as ${FORM_NAME[form].toLowerCase()}`}
      >
        {shown.text === '' ? ' ' : shown.text}
      </pre>
      {shown.rest > 0 && <p className="note">{bytesText(shown.rest)} more are not shown.</p>}
    </>
  );
}

const shownIn = (form: Form, { valueText = '', valueBase64 = '' }: { valueText?: string; valueBase64?: string }) => {
  if (form === 'hex') {
    const bytes = bytesOf(valueBase64) ?? new Uint8Array();
    return { text: hexLines(bytes).join('\n'), rest: Math.max(0, bytes.length - SHOWN_MAX_BYTES) };
  }
  const whole = form === 'text' ? readableText(valueText) : valueBase64;
  const text = whole.slice(0, SHOWN_MAX_BYTES);
  return {
    text,
    rest:
      form === 'text'
        ? new TextEncoder().encode(whole.slice(SHOWN_MAX_BYTES)).length
        : Math.ceil((whole.length - text.length) * 0.75),
  };
};
