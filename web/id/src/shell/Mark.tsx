/** The mark of the product: a hanging banner; its notch is an arrow up. */
export function Mark({ className }: { className?: string | undefined }) {
  return (
    <svg className={className} viewBox="0 0 30 34" aria-hidden="true">
      <path d="M0 0h30v34L15 20 0 34z" />
    </svg>
  );
}
