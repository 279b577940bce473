const markup = Symbol('markup');

/** Markup that may be sent as it is. Only this file makes it: data cannot carry the symbol, so it cannot pose as markup. */
export interface Html {
  readonly [markup]: string;
}

/** What may stand in a hole of an `html` template. Nothing is drawn for false, null and undefined. */
export type Hole = Html | string | number | bigint | false | null | undefined | readonly Hole[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text that means itself inside an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => entities[character] ?? character);

const isHtml = (hole: Hole): hole is Html => typeof hole === 'object' && hole !== null && markup in hole;

const render = (hole: Hole): string => {
  if (hole === false || hole === null || hole === undefined) return '';
  if (Array.isArray(hole)) return hole.map(render).join('');
  if (isHtml(hole)) return hole[markup];
  return escapeHtml(String(hole));
};

/** A template whose holes are escaped. Attributes with holes must be quoted: `<a href="${url}">`. */
export const html = (strings: TemplateStringsArray, ...holes: readonly Hole[]): Html => ({
  [markup]: strings.reduce((text, part, index) => text + render(holes[index - 1]) + part),
});

/** Markup the house wrote itself, such as its style sheet. Never give it anything that came from outside. */
export const trustedHtml = (text: string): Html => ({ [markup]: text });

/** The finished text of a template. */
export const renderHtml = (template: Html): string => template[markup];
