/** A plain bar chart as SVG with its numbers beside the bars; no library, no inline style. */
type Bar = { readonly name: string; readonly value: number };

const rowHeight = 40;

export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const top = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <svg
      className="yg-bars"
      role="img"
      aria-label={`${label}: ${bars.map(({ name, value }) => `${name} ${value}`).join(', ')}`}
      viewBox={`0 0 720 ${bars.length * rowHeight}`}
    >
      {bars.map(({ name, value }, i) => (
        <g key={name} transform={`translate(0 ${i * rowHeight})`}>
          <text x="0" y="26">
            {name}
          </text>
          <rect x="110" y="8" rx="4" height="24" width={Math.max(4, (520 * value) / top)} />
          <text x={110 + Math.max(4, (520 * value) / top) + 12} y="26" className="value">
            {value}
          </text>
        </g>
      ))}
    </svg>
  );
}
