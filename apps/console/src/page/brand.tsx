import { Link } from 'react-router';

export function Brand() {
  return (
    <Link to="/" className="brand">
      <svg viewBox="0 0 32 32" className="brand-mark" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M6.5 10.5 11.3 22l4.7-9.5L20.7 22l4.8-11.5" />
      </svg>
      <span className="brand-name">
        Wiber <span className="brand-part">console</span>
      </span>
    </Link>
  );
}
