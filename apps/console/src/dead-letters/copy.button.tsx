import { CopyIcon } from '@radix-ui/react-icons';
import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { announce } from '../frame/announcement.ts';

/** Copies a text, and says whether it could. A page without TLS on another host has no clipboard. */
export function CopyButton({ text }: { text: string }) {
  const [outcome, setOutcome] = useState<string>();
  const copy = async (): Promise<void> => {
    const said = await copied(text);
    setOutcome(said);
    announce(said);
  };
  return (
    <span className="copy">
      {outcome !== undefined && <span className="note">{outcome}</span>}
      <Button size="1" variant="soft" color="gray" highContrast onClick={() => void copy()}>
        <CopyIcon aria-hidden="true" /> Copy
      </Button>
    </span>
  );
}

const copied = async (text: string): Promise<string> => {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    return 'The browser lets this page copy nothing; select the text.';
  }
};
