/**
 * The only source of colours, sizes and spaces (design language: quiet paper, ink text, one teal for action, one sun yellow for
 * "now", green only for proven). `tokensCss` writes them as `--yg-*`; desk/theme.ts maps them to antd.
 */
export type ThemeName = 'light' | 'dark' | 'hall';

const light = {
  bg: '#F4F6F5',
  surface: '#FFFFFF',
  sunken: '#EAEEEC',
  raised: '#FFFFFF',
  line: '#D8DFDC',
  edge: '#74848A',
  text: '#15232B',
  text2: '#43535B',
  text3: '#58676E',
  primary: '#0B5D6B',
  hover: '#094C58',
  active: '#073C46',
  onPrimary: '#FFFFFF',
  primarySoft: '#E0EFF0',
  sun: '#F2B233',
  sunText: '#7A4B00',
  sunSoft: '#FDF2D8',
  onSun: '#2A1B00',
  ok: '#1A6E45',
  okSoft: '#E2F2E9',
  bad: '#B3261E',
  badSoft: '#FCEAE8',
  info: '#2A5CA8',
  infoSoft: '#E7EEF9',
  focus: '#0A58CA',
} as const;

export type ColourName = keyof typeof light;
export type Colours = Readonly<Record<ColourName, string>>;

const dark: Colours = {
  bg: '#0E1518',
  surface: '#162024',
  sunken: '#0A1012',
  raised: '#1D2A2F',
  line: '#2B3A40',
  edge: '#748A92',
  text: '#E7EEEF',
  text2: '#B7C5C9',
  text3: '#98A9AE',
  primary: '#62C3D0',
  hover: '#7BD0DB',
  active: '#4FB2BF',
  onPrimary: '#06272D',
  primarySoft: '#12343A',
  sun: '#F5BE4F',
  sunText: '#F5C868',
  sunSoft: '#33290F',
  onSun: '#2A1B00',
  ok: '#63CB95',
  okSoft: '#11301F',
  bad: '#FF8F85',
  badSoft: '#3A1714',
  info: '#8DB8F5',
  infoSoft: '#14263F',
  focus: '#8CC4FF',
};

const hall: Colours = {
  bg: '#071013',
  surface: '#0F1C21',
  sunken: '#040A0C',
  raised: '#16272D',
  line: '#2A3D44',
  edge: '#7E959D',
  text: '#FFFFFF',
  text2: '#C9D6D9',
  text3: '#A9BBC0',
  primary: '#6FD6E4',
  hover: '#8CE0EB',
  active: '#57C5D4',
  onPrimary: '#04262B',
  primarySoft: '#0F353C',
  sun: '#FFC857',
  sunText: '#FFC857',
  sunSoft: '#3A2C08',
  onSun: '#2A1B00',
  ok: '#5FE0A0',
  okSoft: '#0C3321',
  bad: '#FF9A8F',
  badSoft: '#45170F',
  info: '#9CC6FF',
  infoSoft: '#10284A',
  focus: '#FFFFFF',
};

export const themes: Readonly<Record<ThemeName, Colours>> = { light, dark, hall };

/** Latin faces first, so that digits are tabular. */
export const fontFamily =
  '-apple-system, "Segoe UI", Roboto, "PingFang SC", "HarmonyOS Sans SC", MiSans, "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
export const codeFamily = 'ui-monospace, "SF Mono", Consolas, monospace';

const kebab = (name: string) => name.replace(/([A-Z]|\d+$)/g, '-$1').toLowerCase();
const block = (colours: Colours) =>
  Object.entries(colours)
    .map(([name, value]) => `--yg-${kebab(name)}:${value};`)
    .join('');

/** `:root` follows the reader's system until he chooses; `data-theme` on the html element is his choice or the hall's. */
export const tokensCss = `:root{color-scheme:light;${block(light)}--yg-font:${fontFamily};--yg-code:${codeFamily};}
@media (prefers-color-scheme:dark){:root:not([data-theme]){color-scheme:dark;${block(dark)}}}
:root[data-theme="dark"]{color-scheme:dark;${block(dark)}}
:root[data-theme="hall"],.yg-hall{color-scheme:dark;${block(hall)}}
@media print{:root,:root[data-theme]{color-scheme:light;${block(light)}}}
`;
