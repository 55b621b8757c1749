import type { Text } from './page.zh.ts';

const text: Text = {
  title: 'Accessibility',
  description: 'How this site is made usable for everybody.',
  paragraphs: [
    'Aim: WCAG 2.2 AA. Before each release axe checks every page, light and dark, Chinese and English; with a violation nothing is released.',
    'Everything works with the keyboard alone: Tab moves, Enter confirms, Escape closes a dialog. Each page begins with "Skip to content".',
    'Countdowns do not interrupt a screen reader; they speak at ten, five and one minute and at thirty seconds.',
    'Words stand beside colours. With reduced motion nothing moves. Text can grow to 200 % and nothing is lost.',
    'Public pages can be read, searched and downloaded without scripts.',
  ],
  problem: 'If something stops you, tell the centre with the request number; we will mend it.',
};

export default text;
