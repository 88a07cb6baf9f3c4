import { LockClosedIcon, LockOpen1Icon } from '@radix-ui/react-icons';
import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { announce } from '../frame/announcement.ts';
import { forgetOperatorToken, useOperatorToken } from '../api/operator.token.ts';
import { OperatorDialog } from './operator.dialog.tsx';

/** Enters the operator's token, or forgets it. */
export function OperatorButton({ text = 'Operator token' }: { text?: string }) {
  const hasToken = useOperatorToken() !== undefined;
  const [isOpen, setOpen] = useState(false);
  const forget = () => {
    forgetOperatorToken();
    announce('The operator token is forgotten.');
  };
  return (
    <>
      {hasToken ? (
        <Button variant="soft" color="gray" highContrast onClick={forget}>
          <LockOpen1Icon aria-hidden="true" /> <span>Forget token</span>
        </Button>
      ) : (
        <Button variant="soft" color="gray" highContrast onClick={() => setOpen(true)}>
          <LockClosedIcon aria-hidden="true" /> <span>{text}</span>
        </Button>
      )}
      <OperatorDialog isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
