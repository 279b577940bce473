import type { Notification } from '../../ports/notifier.ts';

/** SNS takes subjects of less than 100 characters without control characters, and mail shows ASCII everywhere. */
const maxSubjectLength = 99;
/** SNS takes 256 KiB of UTF-8 with its attributes; nobody reads more than this, and links come after it. */
const maxTextBytes = 200 * 1024;

/** Accents are dropped, what is left over of other scripts becomes a question mark. */
const printableAscii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, '?');

/** `[model] subject` as a mail's subject line: 99 printable ASCII characters at most, never a second line. */
export const subjectOf = ({ model, subject }: Notification): string => {
  const line = printableAscii(`[${model}] ${subject}`).trim();
  return line.length <= maxSubjectLength ? line : `${line.slice(0, maxSubjectLength - 3)}...`;
};

/** Control characters, but for the line feed: a column name from somebody's file must not steer a terminal. */
const printable = (text: string): string => text.replace(/(?!\n)[\p{Cc}\ufffe\uffff]/gu, '\ufffd');

/** The value of an attribute, which SNS wants printable throughout: a name from the drop zone may be anything. */
export const attributeOf = (text: string): string => printable(text).replaceAll('\n', '\ufffd') || '?';

/** As many characters as fit, none cut in half. */
const shortened = (text: string): string => {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxTextBytes) return text;
  const whole = bytes
    .subarray(0, maxTextBytes)
    .toString('utf8')
    .replace(/\ufffd+$/u, '');
  return `${whole}\n(cut: ${bytes.length} bytes in all)`;
};

/** The whole message: subject in full, text, and links each on a line of its own. */
export const messageOf = ({ model, subject, text, links = [] }: Notification): string =>
  [`[${model}] ${subject}`, shortened(text), ...links.map((link) => `${link.title}:\n${link.url}`)]
    .filter((part) => part !== '')
    .map((part) => printable(part))
    .join('\n\n');
