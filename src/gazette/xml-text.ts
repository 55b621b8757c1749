/** Text for XML 1.0: whatever people wrote, the document stays well-formed and no markup comes from them. Pure. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // Readers would turn a bare one into a line feed (XML 1.0 2.11).
  '\r': '&#13;',
};

/** What XML 1.0 2.2 does not admit even as a reference: control characters, halves of pairs, U+FFFE and U+FFFF. */
const inadmissible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** The text as it may stand between tags and in quoted attributes; inadmissible characters become U+FFFD. */
export function xmlText(text: string): string {
  return text.replace(inadmissible, '\uFFFD').replace(/[&<>"'\r]/g, (c) => entities[c] ?? c);
}

/** `<name a="1">text</name>` with both escaped; `inside` is markup that is already made. */
export function element(
  name: string,
  content: string | { readonly inside: readonly string[] },
  attributes: Readonly<Record<string, string>> = {},
): string {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${xmlText(value)}"`)].join(' ');
  const body = typeof content === 'string' ? xmlText(content) : content.inside.join('');
  return body === '' ? `<${head}/>` : `<${head}>${body}</${name}>`;
}
