/** The few signs of the kit, drawn in the colour of their text; all are decoration beside words. */
type SignProps = { readonly size?: number };
const stroke = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

/** The mark: a sun over two lines, water or paper. */
export function Mark({ size = 40 }: SignProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="10" fill="#0B5D6B" />
      <path d="M12 24a8 8 0 0 1 16 0z" fill="#F2B233" />
      <path d="M20 8v4M9.5 13l2.6 2.6M30.5 13l-2.6 2.6" stroke="#F2B233" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M7 28h26M12 33h16" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}

export const Shield = ({ size = 16 }: SignProps) => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...stroke}>
    <path d="M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z" />
    <path d="M8.5 12l2.5 2.5 4.5-5" />
  </svg>
);
export const Tick = ({ size = 16 }: SignProps) => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...stroke} strokeWidth={3}>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </svg>
);
export const Menu = ({ size = 24 }: SignProps) => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...stroke}>
    <path d="M4 6h16M4 12h16M4 18h16" />
  </svg>
);
export const FileSign = ({ size = 32 }: SignProps) => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...stroke}>
    <path d="M6 3h8l4 4v14H6zM14 3v4h4M12 17v-6M9.5 13.5L12 11l2.5 2.5" />
  </svg>
);
