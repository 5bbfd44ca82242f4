import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';

export interface QrCodeProps {
  /** What it says. */
  readonly link: string;
  /** Its name for who cannot see it. */
  readonly label: string;
}

/** ISO/IEC 18004 asks for four modules of white around the code. */
const quietZone = 4;

/** The dark modules as one path of horizontal runs. */
const drawRuns = (rows: readonly (readonly boolean[])[]): string => {
  let path = '';
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x += 1;
      path += `M${start} ${y}h${x + 1 - start}v1H${start}z`;
    }
  });
  return path;
};

/** A QR code, black on white whatever the theme: many cameras do not read it the other way round. */
export const QrCode = ({ link, label }: QrCodeProps) => {
  const { size, path } = useMemo(() => {
    const code = encode(link, { ecc: 'M', border: quietZone });
    return { size: code.size, path: drawRuns(code.data) };
  }, [link]);
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      data-link={link}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      style={{ '--modules': size }}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
};
