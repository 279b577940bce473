import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, renderHtml } from '../../../lib/console/html.ts';

const readBack = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#96;', '`')
    .replaceAll('&amp;', '&');

describe('the html template', () => {
  it('lets no text leave its element or attribute', () => {
    const hostile = fc.string({
      unit: fc.oneof(fc.constantFrom('<', '>', '"', "'", '`', '&', ';', '='), fc.string()),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const page = renderHtml(html`<p title="${text}">${text}</p>`);

        const [, attribute, content] = /^<p title="([^"<>'`]*)">([^<>"'`]*)<\/p>$/s.exec(page) ?? [];
        expect(readBack(attribute ?? 'broken out')).toBe(text);
        expect(readBack(content ?? 'broken out')).toBe(text);
      }),
    );
  });

  it('keeps templates inside templates and lists as they are, escaping each text once', () => {
    const items = ['a & b', '<i>'].map((item) => html`<li>${item}</li>`);

    expect(renderHtml(html`<ul>${items}</ul>`)).toBe('<ul><li>a &amp; b</li><li>&lt;i&gt;</li></ul>');
  });

  it('draws nothing for what is not there, and zero for zero', () => {
    expect(renderHtml(html`[${false}${null}${undefined}${0}]`)).toBe('[0]');
  });

  it('is not fooled by data that looks like markup', () => {
    const posing = JSON.parse('{"markup":"<script>"}');

    expect(renderHtml(html`${posing}`)).not.toContain('<script>');
  });

  it('escapes every character that can end an attribute', () => {
    expect(escapeHtml(`"'\`<>&`)).toBe('&quot;&#39;&#96;&lt;&gt;&amp;');
  });
});
