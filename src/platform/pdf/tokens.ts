/** Colours (the light ones of the web's tokens) and type of every document that the platform issues. Points, A4. */
export const colour = {
  text: '#15232B',
  soft: '#43535B',
  faint: '#58676E',
  line: '#D8DFDC',
  edge: '#74848A',
  accent: '#0B5D6B',
  accentSoft: '#E0EFF0',
  /** Only for what is happening now. */
  sun: '#F2B233',
} as const;
export type Colour = keyof typeof colour;

export type Weight = 'regular' | 'semibold';
export type TextStyle = {
  readonly size: number;
  /** Distance of baselines as a multiple of the size. */
  readonly leading: number;
  readonly weight: Weight;
  readonly colour: Colour;
  /** Hashes are set letter by letter: an ff in them is two digits. */
  readonly ligatures?: false;
  /** Language of the text where it is not the document's own: reading voices switch. */
  readonly lang?: 'en';
};

const style = (size: number, leading: number, colourName: Colour, weight: Weight = 'regular'): TextStyle => ({
  size,
  leading,
  weight,
  colour: colourName,
});

const english = (size: number, leading: number): TextStyle => ({ ...style(size, leading, 'faint'), lang: 'en' });

export const text = {
  title: style(23, 1.3, 'text', 'semibold'),
  titleEnglish: english(10, 1.4),
  section: style(12.5, 1.45, 'accent', 'semibold'),
  sectionEnglish: english(8, 1.45),
  body: style(10.5, 1.72, 'text'),
  english: english(8.25, 1.55),
  label: style(9.5, 1.5, 'soft'),
  labelEnglish: english(7, 1.35),
  value: style(10.5, 1.55, 'text'),
  strong: style(10.5, 1.55, 'text', 'semibold'),
  /** A second line under a value. */
  note: style(8.25, 1.55, 'faint'),
  figure: style(17, 1.35, 'text', 'semibold'),
  cell: style(9.25, 1.5, 'text'),
  cellHead: style(8.75, 1.4, 'soft', 'semibold'),
  cellHeadEnglish: english(6.75, 1.3),
  fine: style(7.5, 1.5, 'faint'),
  /** Hashes. */
  code: { ...style(7.75, 1.5, 'soft'), ligatures: false },
  codeCell: { ...style(7, 1.8, 'soft'), ligatures: false },
  furniture: style(7.75, 1.4, 'faint'),
} as const satisfies Record<string, TextStyle>;

/** A4 with the margins of a letter that is filed: 25 mm at the sides. */
export const sheet = {
  width: 595.28,
  height: 841.89,
  left: 70,
  right: 70,
  /** Top of the text on the first page and on the following ones, below the running head. */
  top: 98,
  bottom: 78,
} as const;
