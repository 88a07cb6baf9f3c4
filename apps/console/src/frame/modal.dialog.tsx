import { Heading } from '@radix-ui/themes';
import { useEffect, useId, useRef, type ReactNode } from 'react';

interface ModalDialogProps {
  title: string;
  isOpen: boolean;
  /** Called for Escape, for the browser's own ways to close, and never by itself. */
  onClose: () => void;
  children: ReactNode;
}

/**
 * The browser's own dialog: it keeps the focus inside, closes with Escape, makes the rest inert and gives the focus back.
 * Dialog and Select of Radix write a <style> into the page, which the Content-Security-Policy refuses.
 */
export function ModalDialog({ title, isOpen, onClose, children }: ModalDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (isOpen && !element.open) element.showModal();
    if (!isOpen && element.open) element.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="modal-dialog" aria-labelledby={id} onClose={onClose}>
      {isOpen && (
        <>
          <Heading as="h2" size="4" id={id} mb="3">
            {title}
          </Heading>
          {children}
        </>
      )}
    </dialog>
  );
}
